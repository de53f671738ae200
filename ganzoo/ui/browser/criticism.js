{
  const { make, viewer, keepChosen, narrow, loupe, follow, onceSeen, arrive } = ganzoo.parts;

  // A sheet in a critic's order; beside it the chosen tile, and under it what matters in that tile to the critic.
  ganzoo.criticism = ({ element, props, trigger, watch }) => {
    const heat = loupe(() => (narrow.matches ? 112 : 196));
    const scale = make("p", { class: "gz-quiet" });
    const legend = make("div", { class: "gz-legend" }, make("span", { "aria-hidden": "true" }), scale);
    const { root, grid, look } = viewer(() => {
      const { value, chosen } = grid;
      heat.show({ ...value, src: value.heat, model: `What the critic of ${value.critic} looks at: ${value.model}` }, chosen);
      scale.textContent = `|∂ logit / ∂ pixel|, from 0 to ${value.most[chosen]}`;
    }, heat.root, legend);
    root.classList.add("gz-criticism");
    const refused = make("p", { role: "status" });
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
      arrive("opinions", element.closest(".gz-there")); // with the picture
    });
  };
}
