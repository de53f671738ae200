{
  const { make } = ganzoo.parts;

  // Where the visitor types which model to open.
  ganzoo.opener = ({ element, props, trigger, watch }) => {
    const plain = { autocapitalize: "off", autocomplete: "off", spellcheck: "false" };
    const name = make("input", { id: "gz-name", list: "gz-names", placeholder: "owner/name, or its address", ...plain });
    const label = make("label", { for: name.id }, "Open a model of the Hub");
    const form = make("form", { class: "gz-open" }, label, name, make("button", { class: "gz-button" }, "Open"));
    const said = make("span", { role: "status", class: "gz-quiet" });
    form.append(said);
    element.append(form);
    watch("proposed", () => {
      name.value = props.proposed.name;
      said.textContent = "The link is of this model. Nothing is fetched until you open it.";
      form.querySelector("button").focus();
    });
    name.addEventListener("focus", () => trigger("focus"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      said.textContent = "";
      props.value = name.value;
      trigger("submit");
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
