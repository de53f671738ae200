{
  const { make, sheet, keepChosen, narrow, loupe, follow, onceSeen, capital, save } = ganzoo.parts;

  // A sheet in a critic's order; beside it the chosen tile, and under it what matters in that tile to the critic.
  ganzoo.criticism = ({ element, props, trigger, watch }) => {
    const side = () => (narrow.matches ? 112 : 196);
    const glass = loupe(side), heat = loupe(side), name = make("h3"), note = make("p", { class: "gz-quiet gz-note" });
    const scale = make("p", { class: "gz-quiet" });
    const legend = make("div", { class: "gz-legend" }, make("span", { "aria-hidden": "true" }), scale);
    const grid = sheet(() => look());
    const look = () => {
      const { value, chosen } = grid;
      glass.show(value, chosen);
      heat.show({ ...value, src: value.heat, model: `What the critic of ${value.critic} looks at: ${value.model}` }, chosen);
      name.textContent = capital(value.labels[chosen]);
      scale.textContent = `|∂ logit / ∂ pixel|, from 0 to ${value.most[chosen]}`;
    };
    const whole = make("button", { type: "button", class: "gz-button" }, "Save grid");
    whole.addEventListener("click", () => save(`${grid.value.file}.png`, grid.value.src));
    const foot = make("div", { class: "gz-foot" }, note, whole);
    const aside = make("aside", { class: "gz-aside" }, glass.root, name, heat.root, legend);
    const root = make("div", { class: "gz-picture gz-criticism" }, make("div", { class: "gz-main" }, grid.root, foot), aside);
    const refused = make("p", { role: "status" });
    root.hidden = true;
    element.append(root, refused);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      refused.textContent = value.refusal ?? "";
      if (value.refusal) {
        root.hidden = true;
        return;
      }
      const tile = keepChosen(grid.value, grid.chosen, value);
      root.hidden = false;
      if (!(await grid.show(value))) return;
      grid.choose(tile, true);
      note.textContent = value.note;
      look();
    });
  };

  // What several critics say of one picture.
  ganzoo.opinions = ({ element, props, watch }) => {
    const list = make("ul", { class: "gz-opinions", "aria-label": "What critics say of your picture", "aria-live": "polite" });
    element.append(list);
    follow(props, watch, (opinions) => {
      list.replaceChildren(...opinions.map(({ critic, said, share }) => {
        const line = make("i");
        line.style.width = `${100 * share}%`;
        return make("li", {}, make("span", {}, critic), make("strong", {}, said), make("span", { class: "bar" }, line));
      }));
    });
  };
}
