{
  const { make, button, sheet, follow, onceSeen, capital } = ganzoo.parts;

  const MEANING = "Your picks make strengths, by the model of Bradley and Terry: who is twice as strong is preferred in "
    + "two duels of three. A few picks say little.";

  // Two sets of pictures without names. A choice names them; all choices of this visit are kept here, and nowhere else.
  ganzoo.duel = ({ element, props, trigger, watch }) => {
    const picks = [];
    const sides = ["left", "right"].map((side) => {
      const grid = sheet(() => {}), name = make("h3", {}, capital(side));
      return { side, grid, name, root: make("section", {}, name, grid.root) };
    });
    const pick = (choice) => () => trigger("pick", { among: props.value.among, seed: props.value.seed, choice, earlier: picks });
    const choices = make("div", { class: "gz-choices" },
      button("Left is better", pick("left")), button("Cannot tell", pick("neither")), button("Right is better", pick("right")));
    const another = button("Next pair", () => trigger("another"));
    const told = make("p", { role: "status" });
    const place = ([model, value]) => make("li", {}, model, " ", make("strong", {}, value));
    const list = (title, order) => make("section", {}, make("h4", {}, title), make("ol", {}, ...order.map(place)));
    const ranks = make("div", { class: "gz-ranks" });
    const root = make("div", { class: "gz-duel" },
      make("div", { class: "gz-sides" }, ...sides.map((one) => one.root)), choices, another, told, ranks);
    root.hidden = true;
    element.append(root);

    onceSeen(element, props, () => { if (!props.value) trigger("expand"); });
    follow(props, watch, async (value) => {
      root.hidden = false;
      const shown = await Promise.all(sides.map(({ grid }, i) => grid.show(value.sides[i])));
      if (!shown.every(Boolean)) return;
      for (const { name, side } of sides) name.textContent = capital(side);
      choices.hidden = false;
      another.hidden = true;
      told.textContent = "";
    });
    watch("revealed", () => {
      const { seed, pick, preferred, measured, metric, verdict } = props.revealed;
      picks.push(pick);
      const [left, right, choice] = pick;
      if (seed === props.value.seed) {
        sides[0].name.textContent = `Left: ${left}`;
        sides[1].name.textContent = `Right: ${right}`;
        choices.hidden = true;
        another.hidden = false;
        another.focus();
      }
      const chosen = { left: `You chose ${left}.`, right: `You chose ${right}.`, neither: "You cannot tell." }[choice];
      told.textContent = `${chosen} Left was ${left}, right was ${right}.`;
      const lists = [list(`By your ${picks.length === 1 ? "pick" : `${picks.length} picks`}`, preferred)];
      if (measured.length) lists.push(list(`By ${metric}`, measured));
      ranks.replaceChildren(...lists, make("p", {}, verdict), make("p", { class: "gz-quiet" }, MEANING));
    });
  };
}
