{
  const { make, button } = ganzoo.parts;

  // What the page shows, as a query: in the address bar, in pictures that are saved, and back from either. props.value
  // lists the chosen model, the open tab, what the controls are set to, and the latents that stand in a seed's place;
  // props.names says of each control which it is, props.founds of each latent in which seed's place it stands.
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

    // The seeds of the open tab that do not count, because what stands in their place was found.
    const unseated = () => {
      const [chosen, tab, ...values] = props.value;
      const latents = values.slice(props.names.length);
      return props.founds.filter(([of], i) => of === tab && latents[i]?.model === chosen).map(([, name]) => name);
    };
    const view = (changes = {}) => {
      const [, tab, ...values] = props.value, without = unseated();
      const model = document.querySelector("#models [aria-checked=true]")?.dataset.link;
      const own = props.names.map(([of, name], i) => [name, values[i], of === tab]).filter(([name, value, here]) => here && value !== null && !without.includes(name));
      return new URLSearchParams({ ...(model && { model }), tab, ...Object.fromEntries(own), ...changes }).toString();
    };
    ganzoo.view = (changes) => (unseated().length ? null : view(changes));
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
