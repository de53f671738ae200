{
  const { make, button, still, narrow, onceSeen, seek, save } = ganzoo.parts;
  const TOGETHER = 100; // steps until it rests

  // The error along the way, small: from the first one down.
  const curve = () => {
    const parsed = make("template");
    parsed.innerHTML = '<svg viewBox="0 0 100 32" aria-hidden="true"><polyline /></svg>';
    const root = parsed.content.firstChild, line = root.firstChild;
    const draw = (errors) => {
      const last = Math.max(TOGETHER, errors.at(-1)[0]), most = Math.max(...errors.map(([, error]) => error));
      line.setAttribute("points", errors.map(([step, error]) => `${100 * step / last},${31 - 30 * error / most}`).join(" "));
    };
    return { root, draw };
  };

  // A search of one model: its picture, and how far that still is from what is drawn.
  const search = (model, more) => {
    const image = still(() => (narrow.matches ? 140 : 168)), errors = [], line = curve();
    const caption = make("figcaption", {}, make("strong", {}, model)), said = make("span", { role: "status" }, "…");
    caption.append(said);
    const root = make("figure", { class: "gz-search" }, image.root, caption, line.root, ...more);
    const show = ({ src, alt, error, step, said: words }) => {
      errors.push([step, error]);
      image.show({ src, alt });
      said.textContent = words;
      line.draw(errors);
    };
    return { root, show, model, place: null, goal: TOGETHER, get src() { return image.root.src; } };
  };

  // Searches side by side, a few steps of each in turn. Nobody but this page knows where they have come to: it asks for
  // the next steps from there, and to stop is to ask no more.
  ganzoo.painting = ({ element, props, trigger, watch }) => {
    const searches = make("div", { class: "gz-searches" }), said = make("p", { role: "status", class: "gz-quiet" });
    const go = button("Stop", () => {
      running = !running;
      if (running && all.every((one) => resting(one))) all.forEach((one) => { one.goal = one.place.step + TOGETHER; });
      said.textContent = "";
      if (running) next(); else tell();
    });
    const root = make("div", { class: "gz-painting" }, searches, make("div", { class: "gz-buttons" }, go), said);
    let all = [], turn = 0, running = false, at = -1, begun = null, asked = 0, waiting = false;
    root.hidden = true;
    element.append(root);
    onceSeen(element, {}, () => {
      trigger("expand");
      if (waiting) next();
    });

    const resting = (one) => one.place !== null && one.place.step >= one.goal;
    const tell = () => { go.textContent = running ? "Stop" : "Search on"; };
    const next = () => {
      const after = all.map((_, i) => (at + 1 + i) % all.length).find((i) => !resting(all[i]));
      running = after !== undefined;
      tell();
      waiting = running && !element.checkVisibility(); // another tab is open: it goes on when this one is
      if (!running || waiting) return;
      at = after;
      props.value = { model: all[at].model, picture: begun.picture, kind: begun.kind, place: all[at].place, turn, asked: ++asked };
      trigger("step");
    };
    const wish = ({ models, picture, kind }) => JSON.stringify([models, picture, kind]);
    watch("begun", () => {
      if (begun && wish(begun) === wish(props.begun)) return; // as it is already
      begun = props.begun;
      turn += 1;
      at = -1;
      const hand = (event, part) => () => {
        seek(part);
        const [{ model, place, src }] = all;
        trigger(event, { model, z: place.z, class: place.class, src });
      };
      const own = [
        button("Explore from here", hand("explore")),
        button("Interpolate from here", hand("interpolate")),
        button("Who are its neighbours?", hand("neighbours", "copies")),
        button("Ask the critics", hand("criticise", "opinions")),
        button("Save picture", () => save(`${begun.file}.png`, all[0].src))];
      own.forEach((one) => { one.disabled = true; });
      all = begun.models.map((model, i) => search(model, i === 0 ? own : []));
      searches.replaceChildren(...all.map((one) => one.root));
      root.hidden = false;
      said.textContent = "";
      next();
    });
    watch("answer", () => {
      const answer = props.answer;
      if (answer.turn !== turn || answer.asked !== asked) return; // of what was drawn before
      if (answer.refusal) {
        running = false;
        said.textContent = answer.refusal;
        tell();
        return;
      }
      all[at].place = answer.place;
      all[at].show(answer);
      all[at].root.querySelectorAll("button").forEach((one) => { one.disabled = false; });
      if (running) next();
    });
  };
}
