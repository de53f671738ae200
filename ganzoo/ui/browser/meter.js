{
  const { make, follow, onceSeen } = ganzoo.parts;

  // A verdict, and what else is known.
  ganzoo.meter = ({ element, props, trigger, watch }) => {
    const verdict = make("p", { role: "status", class: "gz-verdict" }), facts = make("ul");
    element.append(make("div", { class: "gz-meter" }, verdict, facts));
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, (value) => {
      verdict.textContent = value.verdict;
      facts.replaceChildren(...value.facts.map((fact) => make("li", {}, fact)));
    });
  };
}
