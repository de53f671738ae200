{
  const { make, sheet, narrow, loupe, follow, onceSeen, capital, save } = ganzoo.parts;

  // Pictures of seeds with styles of others, in rows; the first row and column are the seeds' own. The chosen tile large.
  ganzoo.mixture = ({ element, props, trigger, watch }) => {
    const glass = loupe(() => (narrow.matches ? 112 : 196)), name = make("h3"), note = make("p", { class: "gz-quiet gz-note" });
    const grid = sheet(() => look());
    const look = () => {
      glass.show(grid.value, grid.chosen);
      name.textContent = capital(grid.value.labels[grid.chosen]);
    };
    const whole = make("button", { type: "button", class: "gz-button" }, "Save grid");
    whole.addEventListener("click", () => save(`${grid.value.file}.png`, grid.value.src));
    const foot = make("div", { class: "gz-foot" }, note, whole);
    const aside = make("aside", { class: "gz-aside" }, glass.root, name);
    const root = make("div", { class: "gz-picture" }, make("div", { class: "gz-main" }, grid.root, foot), aside);
    root.hidden = true;
    element.append(root);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      root.hidden = false;
      if (!(await grid.show(value))) return;
      grid.classify("source", (i) => i < value.across || i % value.across === 0);
      note.textContent = value.note;
      look();
    });
  };
}
