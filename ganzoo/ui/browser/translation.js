{
  const { make, button, still, narrow, follow, save } = ganzoo.parts;

  // What comes of it: pictures side by side.
  ganzoo.translation = ({ element, props, watch }) => {
    const root = make("div", { class: "gz-translation" });
    element.append(root);
    follow(props, watch, async ({ pictures, file }, overtaken) => {
      const figures = await Promise.all(pictures.map(async ({ name, src, alt, saved }) => {
        const image = still(() => (narrow.matches ? 140 : 196));
        image.show({ src, alt });
        await image.root.decode();
        const figure = make("figure", {}, image.root, make("figcaption", {}, name));
        if (saved) figure.append(button("Save picture", () => save(`${file}.png`, src)));
        return figure;
      }));
      if (!overtaken()) root.replaceChildren(...figures);
    });
  };
}
