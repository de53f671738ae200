{
  const { make, sheet, magnification, narrow, loupe, follow, onceSeen } = ganzoo.parts;

  // A way between two latents: the loop, the frame chosen on the strip, and the strip.
  ganzoo.walk = ({ element, props, trigger, watch }) => {
    const pair = () => (narrow.matches ? 160 : 224); // two of them side by side
    const glass = loupe(pair), name = make("figcaption"), note = make("p", { class: "gz-quiet gz-note" });
    const loop = make("img", { alt: "", draggable: "false" });
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pause = make("button", { type: "button", class: "gz-button" });
    let paused = still;
    const play = () => {
      loop.src = paused ? strip.value.still : strip.value.loop;
      pause.textContent = paused ? "Play" : "Pause";
    };
    pause.addEventListener("click", () => { paused = !paused; play(); });
    const strip = sheet(() => look(), { height: () => 400 });
    const look = () => {
      glass.show(strip.value, strip.chosen);
      name.textContent = strip.value.labels[strip.chosen];
    };
    const root = make("div", { class: "gz-walk" },
      make("div", { class: "gz-pair" },
        make("figure", {}, make("div", { class: "gz-loop" }, loop), make("figcaption", {}, pause)),
        make("figure", {}, glass.root, name)),
      strip.root, note);
    root.hidden = true;
    element.append(root);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      root.hidden = false;
      if (!(await strip.show(value))) return;
      const [high, wide] = value.tile;
      const { zoom, rendering } = magnification(value.tile, pair());
      loop.alt = value.alt;
      loop.style.width = `${wide * zoom}px`;
      loop.style.height = `${high * zoom}px`;
      loop.style.imageRendering = rendering;
      play();
      note.textContent = value.note;
      look();
    });
  };
}
