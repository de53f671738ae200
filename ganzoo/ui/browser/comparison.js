{
  const { make, sheet, narrow, follow, onceSeen } = ganzoo.parts;

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

  // Models side by side, and real pictures: a column each, a seed a row. A tile chosen in one model's is shown in all of
  // theirs. What has not the room beside the others stands below, in a band of its own.
  ganzoo.comparison = ({ element, props, trigger, watch }) => {
    const LEAST = () => (narrow.matches ? 56 : 112), MOST = 136; // of a column's width, and of a tile's height
    const root = make("div", { class: "gz-compare" });
    const said = make("p", { role: "status", class: "gz-quiet" });
    const ranks = ranking();
    element.append(root, said, ranks.root);
    onceSeen(element, props, () => trigger("expand"));
    ranks.root.hidden = true;
    let sheets = [], columns = [], seeds = [], bands = 0;

    const list = (lines) => make("ul", {}, ...lines.map((line) => make("li", {}, line)));
    const head = ({ model, brief }, removable) => {
      const place = make("div", {}, make("h3", {}, model), list(brief));
      if (removable) {
        const remove = make("button", { type: "button", class: "gz-remove", "aria-label": `Remove ${model}` }, "×");
        remove.addEventListener("click", () => trigger("remove", { model }));
        place.append(remove);
      }
      return place;
    };
    const known = ({ remarks, scores, more }) => {
      const rest = make("details", {}, make("summary", {}, `${more.length} more scores`), ...more.map(score));
      const lines = remarks.map((remark) => make("p", {}, remark));
      return make("div", { class: "gz-scores" }, ...lines, ...scores.map(score), ...(more.length ? [rest] : []));
    };
    const column = (told, grid, removable) => {
      const words = make("section", { "aria-label": told.model }, make("h4", {}, told.model), list(told.facts));
      if (told.remarks) words.append(known(told));
      return { head: head(told, removable), strip: grid.root, words };
    };
    const rows = () => make("ol", { class: "gz-rows", "aria-hidden": "true" }, ...seeds.map((seed) => make("li", {}, `${seed}`)));
    const band = (own) => make("div", { class: "gz-band", style: `--columns: ${own.length}` },
      make("div", { class: "gz-columns gz-heads" }, make("span", { class: "gz-quiet" }, "Seed"), ...own.map(({ head }) => head)),
      make("div", { class: "gz-columns gz-strips" }, rows(), ...own.map(({ strip }) => strip)),
      make("div", { class: "gz-columns gz-told" }, make("span"), ...own.map(({ words }) => words)));
    const lay = (again) => {
      if (!columns.length || !root.clientWidth) return;
      const fit = Math.max(1, Math.floor(root.clientWidth / LEAST()));
      const needed = Math.ceil(columns.length / fit);
      if (needed === bands && !again) return;
      bands = needed;
      const most = Math.ceil(columns.length / bands);
      const shares = Array.from({ length: bands }, (_, i) => columns.slice(i * most, (i + 1) * most));
      root.replaceChildren(...shares.map(band));
    };
    new ResizeObserver(() => lay(false)).observe(root);
    const height = new ResizeObserver(([{ contentRect }]) => {
      root.style.setProperty("--row", `${contentRect.height / seeds.length}px`);
    });
    // From a model's tile to the same seed's of the next one.
    root.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const here = sheets.findIndex((one) => one.root.contains(event.target));
      if (!step || here < 0) return;
      event.preventDefault();
      event.stopPropagation();
      sheets[here + step]?.focus(sheets[here].active);
    }, true);

    follow(props, watch, async (value, overtaken) => {
      const chosen = sheets[0]?.chosen ?? 0;
      const rowsOf = value.columns[0].seeds;
      const tall = () => rowsOf.length * Math.max(MOST, Math.min(value.columns[0].tile[0], 2 * MOST));
      const tell = (i) => { said.textContent = `Outlined: seed ${rowsOf[i]}, the same noise for each model.`; };
      const next = value.columns.map(() => sheet((i) => { next.forEach((one) => one.choose(i, true)); tell(i); }, { height: tall }));
      const beside = value.real && sheet(() => {}, { height: tall });
      await Promise.all([...next.map((one, i) => one.show(value.columns[i])), beside?.show(value.real)]);
      if (overtaken()) return;
      sheets = next;
      seeds = rowsOf;
      columns = value.columns.map((told, i) => column(told, next[i], next.length > 1));
      if (beside) columns.unshift(column(value.real, beside, false));
      root.style.setProperty("--label", `${Math.max(5, ...seeds.map((seed) => `${seed}`.length))}ch`);
      lay(true);
      height.disconnect();
      height.observe(next[0].root.firstChild);
      next.forEach((one) => one.choose(chosen, true));
      tell(Math.min(chosen, seeds.length - 1));
      ranks.show(value.rankings);
    });
  };
}
