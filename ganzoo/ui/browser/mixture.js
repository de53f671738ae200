{
  const { viewer, follow, onceSeen } = ganzoo.parts;

  // Pictures of seeds with styles of others, in rows; the first row and column are the seeds' own. The chosen tile large.
  ganzoo.mixture = ({ element, props, trigger, watch }) => {
    const { root, grid, look } = viewer(() => {});
    element.append(root);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      root.hidden = false;
      if (!(await grid.show(value))) return;
      grid.classify("source", (i) => i < value.across || i % value.across === 0);
      look();
    });
  };
}
