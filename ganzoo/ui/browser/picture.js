{
  const { make, sheet, narrow, loupe, follow, onceSeen, save } = ganzoo.parts;

  // A sheet with its chosen tile beside it. The tile's buttons call events of the component, which get the seed.
  ganzoo.picture = ({ element, props, trigger, watch }) => {
    const glass = loupe(() => (narrow.matches ? 112 : 196)), name = make("h3"), said = make("p", { role: "status", class: "gz-quiet" });
    const note = make("p", { class: "gz-quiet gz-note" });
    const button = (label, action, width = "") => {
      const node = make("button", { type: "button", class: `gz-button ${width}` }, label);
      node.addEventListener("click", action);
      return node;
    };
    const seed = () => grid.value.seeds[grid.chosen];
    const tell = (event, words) => () => { said.textContent = words(seed()); trigger(event, { seed: seed() }); };
    const critic = button("What does the critic say?", () => trigger("critic", { seed: seed() }), "wide");
    const buttons = make("div", { class: "gz-buttons" },
      button("Use as A", tell("use_a", (s) => `A is now seed ${s}.`)),
      button("Use as B", tell("use_b", (s) => `B is now seed ${s}.`)),
      button("Interpolate A to B", () => trigger("interpolate"), "wide"),
      button("Who are its neighbours?", () => trigger("neighbours", { seed: seed() }), "wide"),
      critic,
      button("Save picture", tell("save", () => ""), "wide"));
    const look = () => {
      glass.show(grid.value, grid.chosen);
      const label = grid.value.labels[grid.chosen];
      name.textContent = label[0].toUpperCase() + label.slice(1);
    };
    const grid = sheet(() => { look(); said.textContent = ""; });
    const whole = button("Save grid", () => save(`${grid.value.file}.png`, grid.value.src));
    const foot = make("div", { class: "gz-foot" }, note, whole);
    const aside = make("aside", { class: "gz-aside" }, glass.root, name, buttons, said);
    const root = make("div", { class: "gz-picture" }, make("div", { class: "gz-main" }, grid.root, foot), aside);
    root.hidden = true;
    element.append(root);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      root.hidden = false;
      if (!(await grid.show(value))) return;
      note.textContent = value.note;
      critic.hidden = !value.judged;
      look();
    });
  };
}
