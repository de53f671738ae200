{
  const { make, button, viewer, follow, onceSeen, seek } = ganzoo.parts;

  // A sheet with its chosen tile beside it. The tile's buttons call events of the component, which get the seed.
  ganzoo.picture = ({ element, props, trigger, watch }) => {
    const said = make("p", { role: "status", class: "gz-quiet" });
    const seed = () => grid.value.seeds[grid.chosen];
    const tell = (event, words) => () => { said.textContent = words(seed()); trigger(event, { seed: seed() }); };
    const critic = button("What does the critic say?", () => trigger("critic", { seed: seed() }), "wide");
    const buttons = make("div", { class: "gz-buttons" },
      button("Use as A", tell("use_a", (s) => `A is now seed ${s}.`)),
      button("Use as B", tell("use_b", (s) => `B is now seed ${s}.`)),
      button("Interpolate A to B", () => trigger("interpolate"), "wide"),
      button("Who are its neighbours?", () => { seek("copies"); trigger("neighbours", { seed: seed() }); }, "wide"),
      critic,
      button("Save picture", tell("save", () => ""), "wide"));
    const { root, grid, look } = viewer((byHand) => { if (byHand) said.textContent = ""; }, buttons, said);
    element.append(root);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      root.hidden = false;
      if (!(await grid.show(value))) return;
      critic.hidden = !value.judged;
      look();
    });
  };
}
