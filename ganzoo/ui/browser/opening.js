{
  const { make, button } = ganzoo.parts;

  // Where the visitor types which model to open.
  ganzoo.opener = ({ element, props, trigger, watch }) => {
    const plain = { autocapitalize: "off", autocomplete: "off", spellcheck: "false" };
    const name = make("input", { id: "gz-name", list: "gz-names", placeholder: "owner/name, or its address", ...plain });
    const label = make("label", { for: name.id }, "Open a model of the Hub");
    const said = make("span", { role: "status", class: "gz-quiet" });
    const open = make("button", { class: "gz-button gz-idle" }, "Open");
    const stop = button("Stop", () => trigger("watch", { ticket, stop: true }), "gz-busy");
    const form = make("form", { class: "gz-open" }, label, name, open, stop, said);
    let ticket;
    element.append(form);
    // While it is being opened, page.css shows how long that takes, and opening.css what is busy.
    const busy = () => element.closest("#opener").querySelector(".wrap.minimal:not(.hide)");
    const follow = () => setTimeout(() => {
      if (!busy()) return;
      trigger("watch", { ticket });
      follow();
    }, 1000);
    watch("proposed", () => {
      name.value = props.proposed.name;
      said.textContent = "The link is of this model. Nothing is fetched until you open it.";
      open.focus();
    });
    name.addEventListener("focus", () => trigger("focus"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (busy()) return; // or Stop would hold the ticket of nothing
      const named = Boolean(name.value.trim());
      said.textContent = named ? "" : "Type OWNER/NAME first.";
      if (!named) return name.focus();
      props.value = name.value;
      ticket = crypto.getRandomValues(new Uint32Array(4)).join("-"); // by which nobody else can stop it
      trigger("submit", { ticket });
      follow();
    });
  };

  // How much of it has arrived.
  ganzoo.arrival = ({ element, props, watch }) => {
    const bar = make("progress", { max: "1", class: "gz-busy", "aria-label": "How much of the model has arrived" });
    element.append(bar);
    watch("value", () => {
      if (typeof props.value === "number") bar.value = props.value; else bar.removeAttribute("value");
    });
  };

  // What is offered there. props.remark is said of it.
  ganzoo.offers = ({ element, props, watch }) => {
    const names = make("datalist", { id: "gz-names" }), remark = make("p", { class: "gz-quiet" });
    element.append(names, remark);
    const draw = () => {
      names.replaceChildren(...props.names.map((value) => make("option", { value })));
      remark.textContent = props.remark ?? "";
    };
    watch(["names", "remark"], draw);
    draw();
  };
}
