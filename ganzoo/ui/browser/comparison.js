{
  const { make, sheet, follow } = ganzoo.parts;

  // A number, and on demand all that says how it was measured.
  const score = ({ name, value, real, passport }) => {
    const summary = make("summary", {}, make("span", {}, name), " ", make("strong", {}, value));
    if (real) summary.append(" ", make("small", {}, real));
    const facts = passport.flatMap(([fact, told]) => [make("dt", {}, fact), make("dd", {}, told)]);
    return make("details", {}, summary, make("dl", {}, ...facts));
  };

  // Who is ahead by a metric that the visitor chooses.
  const ranking = () => {
    const choice = make("select", { id: "gz-metric" });
    const answer = make("div", { role: "status" });
    const label = make("label", { for: choice.id }, "Rank by");
    const root = make("div", { class: "gz-ranking" }, make("div", {}, label, choice), answer);
    let rankings = [];
    const tell = () => {
      const { refusal, order } = rankings.find((one) => one.metric === choice.value) ?? rankings[0];
      const places = order.map(([model, value]) => make("li", {}, model, " ", make("strong", {}, value)));
      answer.replaceChildren(refusal ? make("p", {}, refusal) : make("ol", {}, ...places));
    };
    choice.addEventListener("change", tell);
    const show = (next) => {
      const chosen = choice.value;
      rankings = next;
      root.hidden = next.length === 0;
      choice.replaceChildren(...next.map(({ metric, name }) => make("option", { value: metric }, name)));
      if (next.some(({ metric }) => metric === chosen)) choice.value = chosen;
      if (next.length) tell();
    };
    return { root, show };
  };

  // Models side by side, and real pictures; a tile chosen in one model's is shown in all of theirs.
  ganzoo.comparison = ({ element, props, watch }) => {
    const root = make("div", { class: "gz-compare" });
    const said = make("p", { role: "status", class: "gz-quiet" });
    const ranks = ranking();
    element.append(root, said, ranks.root);
    ranks.root.hidden = true;
    let sheets = [];
    const column = (told, sheet) => {
      const facts = make("ul", {}, ...told.facts.map((fact) => make("li", {}, fact)));
      return make("section", {}, make("header", {}, make("h3", {}, told.model), facts), sheet.root);
    };
    const known = ({ remarks, scores, more }) => {
      const rest = make("details", {}, make("summary", {}, `${more.length} more scores`), ...more.map(score));
      const lines = remarks.map((remark) => make("p", {}, remark));
      return make("div", { class: "gz-scores" }, ...lines, ...scores.map(score), ...(more.length ? [rest] : []));
    };
    follow(props, watch, async ({ columns, real, rankings }) => {
      const chosen = sheets[0]?.chosen ?? 0;
      const { seeds } = columns[0];
      const tell = (i) => { said.textContent = `Outlined: seed ${seeds[i]}, the same noise for each model.`; };
      const next = columns.map(() => sheet((i) => { next.forEach((one) => one.choose(i, true)); tell(i); }));
      const places = next.map((one, i) => {
        const place = column(columns[i], one);
        place.append(known(columns[i]));
        return place;
      });
      const beside = real && sheet(() => {});
      if (real) places.unshift(column(real, beside));
      await Promise.all([...next.map((one, i) => one.show(columns[i])), beside?.show(real)]);
      sheets = next;
      root.replaceChildren(...places);
      next.forEach((one) => one.choose(chosen, true));
      tell(Math.min(chosen, seeds.length - 1));
      ranks.show(rankings);
    });
  };
}
