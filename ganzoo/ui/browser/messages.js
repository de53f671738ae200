{
  const { make, save } = ganzoo.parts;

  // What the visitor asked wrongly.
  ganzoo.notice = ({ element, props, watch }) => {
    const said = make("p", { role: "alert" });
    element.append(said);
    watch("value", () => { said.textContent = props.value ?? ""; });
  };

  // A file that the server made because someone asked.
  ganzoo.download = ({ props, watch }) => watch("value", () => props.value && save(props.value.name, props.value.src, props.value.view));
}
