{
  const { make, button, sheet, keepChosen, still, narrow, loupe, follow, onceSeen, arrive, capital } = ganzoo.parts;

  // A sheet, and what its chosen tile resembles. The training pictures are looked at a part at a time: as long as some are
  // left, and somebody looks here, the next part is asked for.
  ganzoo.copies = ({ element, props, trigger, watch }) => {
    const glass = loupe(() => (narrow.matches ? 112 : 196)), name = make("h3");
    const said = make("p", { role: "status" });
    const found = make("div", { class: "gz-found" });
    const bar = make("progress", { max: "1", "aria-label": "Training pictures looked at" });
    const fetch = button("", () => trigger("fetch", { seed: seed() }));
    const stop = button("Stop", () => {
      stopped = !stopped;
      stop.textContent = stopped ? "Go on" : "Stop";
      if (!stopped) ask();
    });
    const looking = make("div", { class: "gz-looking" }, bar, stop);
    let stopped = false;
    const seed = () => grid.value.seeds[grid.chosen];
    const ask = () => trigger("choose", { seed: seed() });
    const look = () => {
      glass.show(grid.value, grid.chosen);
      name.textContent = capital(grid.value.labels[grid.chosen]);
      ask();
    };
    const grid = sheet(look);
    const aside = make("aside", { class: "gz-aside" }, glass.root, name);
    const top = make("div", { class: "gz-picture" }, make("div", { class: "gz-main" }, grid.root), aside);
    const root = make("div", { class: "gz-copies" }, top, said, fetch, looking, found);
    root.hidden = fetch.hidden = looking.hidden = true;
    element.append(root);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      const tile = keepChosen(grid.value, grid.chosen, value);
      root.hidden = false;
      if (!(await grid.show(value))) return;
      grid.choose(tile, true);
      look();
      arrive("copies", root);
    });

    const neighbour = ({ src, alt, name }) => {
      const image = still(() => (narrow.matches ? 64 : 112));
      image.show({ src, alt });
      return make("figure", {}, image.root, make("figcaption", {}, name));
    };
    const show = (told) => {
      const { dataset, refusal, progress, sentence, pictures = [] } = told;
      const missing = progress === null, left = typeof progress === "number";
      fetch.hidden = !missing;
      fetch.textContent = `Fetch the training pictures of ${dataset}`;
      looking.hidden = !left;
      if (left) bar.value = progress;
      said.textContent = refusal ?? sentence ?? (missing
        ? `The training pictures of ${dataset} do not come with the page: have them fetched to look among them.`
        : `Looking at the training pictures of ${dataset}, once: ${Math.round(100 * progress)} %`);
      found.replaceChildren(...pictures.map(neighbour));
      if (left && !stopped) setTimeout(() => { if (root.checkVisibility() && !stopped) ask(); }, 20);
    };
    watch("likeness", () => {
      const told = props.likeness;
      if (told && grid.value && told.model === grid.value.model && told.seed === seed()) show(told); // or it is late
    });
  };
}
