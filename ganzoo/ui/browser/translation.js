{
  const { make, magnification, narrow, follow, save } = ganzoo.parts;

  // What comes of it: pictures side by side.
  ganzoo.translation = ({ element, props, watch }) => {
    const root = make("div", { class: "gz-translation" });
    let turn = 0;
    element.append(root);
    follow(props, watch, async ({ pictures, file }) => {
      const mine = ++turn;
      const figures = await Promise.all(pictures.map(async ({ name, src, alt, saved }) => {
        const image = make("img", { src, alt, draggable: "false" });
        await image.decode();
        const { zoom, rendering } = magnification([image.naturalHeight, image.naturalWidth], narrow.matches ? 140 : 196);
        image.style.width = `${image.naturalWidth * zoom}px`;
        image.style.height = `${image.naturalHeight * zoom}px`;
        image.style.imageRendering = rendering;
        const figure = make("figure", {}, image, make("figcaption", {}, name));
        if (saved) {
          const keep = make("button", { type: "button", class: "gz-button" }, "Save picture");
          keep.addEventListener("click", () => save(`${file}.png`, src));
          figure.append(keep);
        }
        return figure;
      }));
      if (mine === turn) root.replaceChildren(...figures); // or a newer one has overtaken it
    });
  };
}
