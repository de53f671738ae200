{
  const { make, button, onceSeen, capital } = ganzoo.parts;
  const PATIENCE = 20_000; // milliseconds after which an answer is not waited for any longer
  const TELL = 5_000; // milliseconds between two sentences for those who listen

  const percent = (share) => `${Math.round(100 * share)} %`;
  const short = (value) => Number(value.toPrecision(2)).toString();

  // Curves over steps, each named at its end. `lines` are [step, value of each].
  const curves = (roles) => {
    const drawing = make("template");
    const empty = roles.map((role) => `<path class="${role}"/>`).join("");
    drawing.innerHTML = `<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img">${empty}</svg>`;
    const svg = drawing.content.firstChild;
    const paths = [...svg.children];
    const word = (role, style = "") => make("span", { class: role, style });
    const ends = roles.map((role) => word(`end ${role}`));
    const [top, bottom] = [word("y", "top:0"), word("y", "top:100%")];
    const [from, to] = [word("x", "left:0"), word("x", "right:0")];
    from.textContent = "0";
    const area = make("div", { class: "area" }, svg, top, bottom, from, to, ...ends);
    const heading = make("h4");
    const root = make("div", { class: "gz-plot", hidden: "" }, heading, area);
    const show = (title, names, lines) => {
      heading.textContent = title;
      root.hidden = lines.length === 0;
      if (root.hidden) return;
      const values = lines.flatMap(([, ...each]) => each);
      const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
      const last = lines[lines.length - 1];
      const height = (value) => 100 * (1 - (value - low) / (high - low || 1));
      paths.forEach((path, i) => {
        path.setAttribute("d", `M${lines.map((line) => `${100 * line[0] / (last[0] || 1)} ${height(line[i + 1])}`).join("L")}`);
        ends[i].textContent = `${names[i]} ${short(last[i + 1])}`;
      });
      const places = last.slice(1).map(height);
      const [upper, lower] = places[0] <= places[1] ? [0, 1] : [1, 0];
      places[lower] = Math.max(places[lower], places[upper] + 16); // or one word would lie on the other
      ends.forEach((end, i) => { end.style.top = `${places[i]}%`; });
      [top.textContent, bottom.textContent] = [short(high), short(low)];
      to.textContent = `${last[0].toLocaleString("en")} steps`;
      svg.setAttribute("aria-label", `${title}: ${names.map((name, i) => `${name} ${short(last[i + 1])}`).join(", ")}`);
    };
    return { root, show };
  };

  // Points of the plane over what the discriminator says of every place of it.
  const plane = () => {
    const canvas = make("canvas", { role: "img", "aria-label": "A game that has not begun" });
    const key = make("p", { class: "gz-quiet gz-key" });
    const [name, low, high] = [make("span"), make("span"), make("span")];
    const sign = (kind, form) => make("span", { class: kind, "aria-hidden": "true" }, form);
    key.append(
      make("span", {}, sign("drawn", "●"), " drawn"), make("span", {}, sign("real", "+"), " real"),
      make("span", {}, name, low, sign("ramp", ""), high));
    const root = make("figure", {}, canvas, make("figcaption", {}, key));
    let last = null;
    const colours = () => {
      const style = getComputedStyle(root);
      const of = (name) => style.getPropertyValue(`--gz-lab-${name}`).trim();
      const parts = (name) => of(name).match(/\w\w/g).map((pair) => parseInt(pair, 16));
      return { stops: ["low", "middle", "high"].map(parts), drawn: of("drawn"), edge: of("edge"), real: of("real") };
    };
    const heat = ({ levels, across }, stops) => {
      const small = make("canvas", { width: across, height: across });
      const brush = small.getContext("2d");
      const image = brush.createImageData(across, across);
      levels.forEach((level, i) => {
        const half = level / 127.5;
        const [from, to] = half < 1 ? [stops[0], stops[1]] : [stops[1], stops[2]];
        const share = half < 1 ? half : half - 1;
        const place = 4 * ((across - 1 - Math.floor(i / across)) * across + i % across); // y goes up
        from.forEach((value, c) => { image.data[place + c] = value + share * (to[c] - value); });
        image.data[place + 3] = 255;
      });
      brush.putImageData(image, 0, 0);
      return small;
    };
    const paint = () => {
      const side = Math.min(root.clientWidth, 480);
      if (!last || !side) return;
      const { real, points, surface } = last;
      const { stops, drawn, edge, real: ink } = colours();
      const ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.height = Math.round(side * ratio);
      canvas.style.width = canvas.style.height = `${side}px`;
      const brush = canvas.getContext("2d");
      brush.scale(ratio, ratio);
      brush.drawImage(heat(surface, stops), 0, 0, side, side);
      const each = (flat, draw) => {
        for (let i = 0; i < flat.length; i += 2) draw((flat[i] + 1) / 2 * side, (1 - flat[i + 1]) / 2 * side);
      };
      brush.strokeStyle = ink;
      brush.lineWidth = 1;
      each(real, (x, y) => {
        brush.beginPath();
        brush.moveTo(x - 2.5, y);
        brush.lineTo(x + 2.5, y);
        brush.moveTo(x, y - 2.5);
        brush.lineTo(x, y + 2.5);
        brush.stroke();
      });
      brush.fillStyle = drawn;
      brush.strokeStyle = edge;
      each(points, (x, y) => {
        brush.beginPath();
        brush.arc(x, y, 2.5, 0, 2 * Math.PI);
        brush.fill();
        brush.stroke();
      });
    };
    const show = (begun, now) => {
      last = { real: begun.real.points, points: now.points, surface: now.surface };
      name.textContent = begun.probable ? "D(x), how probably real: " : `${capital(begun.judge)}’s score: `;
      low.textContent = `${short(now.surface.low)} `;
      high.textContent = ` ${short(now.surface.high)}`;
      paint();
    };
    new ResizeObserver(paint).observe(root);
    new MutationObserver(paint).observe(document.body, { attributeFilter: ["class"] }); // light and dark
    return { root, show, say: (words) => canvas.setAttribute("aria-label", words) };
  };

  // Pictures that are drawn, beside real ones.
  const sheets = () => {
    const [drawn, real] = ["Drawn", "Real"].map((name) => {
      const image = make("img", { alt: `${name} pictures of digits, 8 by 8 pixels each`, draggable: "false" });
      return { image, figure: make("figure", {}, image, make("figcaption", { class: "gz-quiet" }, name)) };
    });
    const root = make("div", { class: "gz-sheets" }, drawn.figure, real.figure);
    const show = (begun, now) => {
      [real.image.src, drawn.image.src] = [begun.real.sheet, now.sheet];
    };
    return { root, show, say: (words) => { drawn.image.alt = words; } };
  };

  // A game that goes on for a moment each time that it is asked for, so that to stop is not to ask any more. props.begun
  // is how one stands before its first step, props.seen is how it went on; props.value asks for it.
  ganzoo.lab = ({ element, props, trigger, watch }) => {
    const views = { points: plane(), sheet: sheets() };
    const facts = make("p", { class: "gz-facts" });
    const said = make("p", { role: "status", class: "gz-quiet" });
    const losses = curves(["first", "second"]);
    const slopes = curves(["third", "first"]);
    const start = button("Start", () => (running ? stop() : go()));
    const reset = button("Reset", () => { running = false; startOver(); tell(true); });
    const root = make("div", { class: "gz-lab" },
      make("div", { class: "gz-lab-picture" },
        make("div", { class: "gz-lab-buttons" }, start, reset), facts, views.points.root, views.sheet.root),
      make("div", { class: "gz-plots gz-lab-plots" }, losses.root, slopes.root, said));
    for (const view of Object.values(views)) view.root.hidden = true; // until there is something to see
    element.append(root);

    let running = false; // whether the visitor wants it to go on
    let fresh = true; // whether the next question begins a game
    let ticket = ""; // of the game that the server keeps
    let game = 0; // a number for each beginning
    let asking = null; // the game of the question that waits for its answer
    let late = null; // an answer that came after it was stopped
    let patience = null;
    let spoken = 0;
    let steps = 0, history = [], steepness = [], now = null;

    const judge = () => props.begun?.judge ?? "discriminator";
    const words = () => {
      const [generator, other] = history.length ? history[history.length - 1].slice(1).map(short) : [];
      const lost = history.length ? `; losses: generator ${generator}, ${judge()} ${other}` : "";
      const modes = now.modes ? `: ${now.modes.hit} of ${now.modes.known} modes, ${percent(now.modes.near)} near one` : "";
      return `Step ${steps.toLocaleString("en")}${modes}${lost}`;
    };
    const tell = (atOnce = false) => { // not so often that nobody could listen
      if (!now || (!atOnce && performance.now() - spoken < TELL)) return;
      spoken = performance.now();
      said.classList.add("gz-heard"); // who sees has the numbers beside the picture
      said.textContent = `${words()}.`;
    };
    const label = () => { start.textContent = running ? "Stop" : "Start"; };
    const show = (next) => {
      now = next;
      steps = next.step;
      root.dataset.step = steps;
      history.push(...next.lines);
      if (steps) steepness.push([steps, ...next.slopes]);
      const kind = next.points ? "points" : "sheet";
      for (const [name, view] of Object.entries(views)) view.root.hidden = name !== kind;
      views[kind].show(props.begun, next);
      views[kind].say(`What the generator draws, and what the ${judge()} says. ${words()}`);
      facts.replaceChildren(make("strong", {}, `Step ${steps.toLocaleString("en")}`));
      if (next.modes) {
        facts.append(`${next.modes.hit} of ${next.modes.known} modes`, make("span", {}, `${percent(next.modes.near)} near one`));
      }
      losses.show("Losses", ["generator", judge()], history);
      slopes.show(`Slope of the ${judge()}, mean ‖∇D(x)‖`, ["at real", "at drawn"], steepness);
      label();
      tell();
    };
    const startOver = () => {
      game += 1;
      fresh = true;
      late = null;
      history = [];
      steepness = [];
      if (props.begun && !props.begun.over) show(props.begun);
      label();
    };
    const end = (sentence) => {
      running = false;
      ticket = "";
      label();
      said.classList.remove("gz-heard");
      said.textContent = sentence;
    };
    const stop = () => {
      running = false;
      label();
      tell(true);
    };
    const go = () => {
      running = true;
      label();
      if (late) show(late);
      late = null;
      ask();
    };
    const ask = () => {
      if (!running || asking !== null || !root.checkVisibility()) return; // what is not seen does not go on
      asking = game;
      props.value = { ticket, anew: fresh };
      fresh = false;
      trigger("input");
      patience = setTimeout(() => {
        asking = null;
        end("No answer came: Start asks again, Reset begins anew.");
      }, PATIENCE);
    };
    watch("seen", () => {
      clearTimeout(patience);
      const [answer, asked] = [props.seen, asking];
      asking = null;
      ticket = answer.ticket ?? "";
      if (asked !== game) { // of a game that is past
        fresh = true;
        requestAnimationFrame(ask);
      } else if (answer.over) end(answer.over);
      else if (running) {
        show(answer);
        requestAnimationFrame(ask);
      } else late = answer;
    });
    watch("begun", () => {
      if (props.begun.over) end(props.begun.over);
      else startOver();
      ask();
    });
    onceSeen(root, props, () => { if (!props.begun) trigger("expand"); });
    new ResizeObserver(() => ask()).observe(root);
  };
}
