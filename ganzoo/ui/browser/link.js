{
  const { make, button } = ganzoo.parts;

  // What the page shows, as a query: in the address bar, in pictures that are saved, and back from either. props.value
  // lists the chosen model, the open tab, and what its controls are set to, props.names says of each which it is.
  ganzoo.link = ({ element, props, trigger, watch }) => {
    const said = make("span", { role: "status", class: "gz-quiet" });
    const copy = button("Copy link", async () => {
      const address = `${location.origin}${location.pathname}?${view()}`;
      try {
        await navigator.clipboard.writeText(address);
        said.textContent = "Copied.";
      } catch { // where the page is not served safely, browsers keep the clipboard to themselves
        history.replaceState(null, "", address);
        said.textContent = "It is in the address bar.";
      }
    });
    const restore = button("Restore from a saved picture", () => chooser.click());
    const chooser = make("input", { type: "file", accept: "image/png", hidden: "", "aria-label": restore.textContent });
    element.append(make("div", { class: "gz-link" }, copy, restore, said, chooser));

    const view = (changes = {}) => {
      const [, tab, ...values] = props.value;
      const model = document.querySelector("#models [aria-checked=true]")?.dataset.link;
      const own = props.names.map(([of, name], i) => [name, values[i], of === tab]).filter(([, value, here]) => here && value !== null);
      return new URLSearchParams({ ...(model && { model }), tab, ...Object.fromEntries(own), ...changes }).toString();
    };
    ganzoo.view = view;
    watch("value", () => history.replaceState(null, "", `?${view()}`));

    const take = async (file) => {
      if (!file) return;
      trigger("restore", { query: ganzoo.recipe.read(new Uint8Array(await file.slice(0, 2 ** 16).arrayBuffer())) });
    };
    chooser.addEventListener("change", () => { take(chooser.files[0]); chooser.value = ""; });
    const ours = (event) => event.dataTransfer?.types.includes("Files") && !event.defaultPrevented; // a pad takes its own
    document.addEventListener("dragover", (event) => { if (ours(event)) event.preventDefault(); });
    document.addEventListener("drop", (event) => {
      if (!ours(event)) return;
      event.preventDefault();
      take(event.dataTransfer.files[0]);
    });

    if (location.search.includes("=")) trigger("restore", { query: location.search.slice(1) });
  };
}
