{
  const { make, button, still, narrow, onceSeen, save } = ganzoo.parts;

  // What a visitor calls a direction: kept here and told nobody.
  const names = {
    key: (model, kind, number) => `ganzoo:direction:${model}:${kind}:${number}`,
    read: (key) => { try { return localStorage.getItem(key) ?? ""; } catch { return ""; } },
    keep: (key, name) => {
      try { if (name) localStorage.setItem(key, name); else localStorage.removeItem(key); } catch { /* it stays a name for this visit */ }
    },
  };

  // A slider, a name and a strip for each direction, and the picture of where the sliders stand.
  ganzoo.directions = ({ element, props, trigger, watch }) => {
    const picture = still(() => (narrow.matches ? 196 : 280));
    const note = make("p", { class: "gz-quiet gz-note" }), rows = make("div", { class: "gz-sliders" });
    let sliders = [], shown = null, wanted = props.placed; // by a link, maybe before this tab was opened
    const tell = () => {
      props.value = { kind: shown.kind, at: sliders.map((slider) => Number(slider.value)) };
      trigger("input");
    };
    const row = ({ label, change, src, alt }, i) => {
      const key = names.key(shown.model, shown.kind, i + 1);
      const name = make("input", { type: "text", maxlength: "40", placeholder: label, "aria-label": `Name of direction ${i + 1}` });
      const slider = make("input", { type: "range", min: -shown.reach, max: shown.reach, step: "0.1", value: "0" });
      const place = make("output", {}, "0.0"), strip = make("img", { src, alt, draggable: "false" });
      name.value = names.read(key);
      const call = () => slider.setAttribute("aria-label", name.value || label);
      call();
      name.addEventListener("input", () => { call(); names.keep(key, name.value); });
      slider.addEventListener("input", () => { place.textContent = Number(slider.value).toFixed(1); tell(); });
      sliders.push(slider);
      return make("div", { class: "gz-row" }, name, make("small", { title: "How much one step changes the mean pixel, from black to white" }, change),
        make("div", {}, strip, slider), place);
    };
    const put = (at) => sliders.forEach((slider, i) => {
      slider.value = at[i] ?? 0;
      slider.closest(".gz-row").querySelector("output").textContent = Number(slider.value).toFixed(1);
    });
    const reset = () => { put([]); tell(); };
    const settle = () => { // as a link wants it, once its directions are here
      if (!wanted || wanted.kind !== shown.kind || ![null, shown.model].includes(wanted.model)) return;
      put(wanted.at);
      wanted = null;
    };
    const root = make("div", { class: "gz-explore" },
      make("div", { class: "gz-moved" }, make("div", { class: "gz-mat" }, picture.root), note,
        make("div", { class: "gz-buttons" }, button("Reset", reset), button("Save picture", () => save(`${shown.file}.png`, picture.root.src)))),
      rows);
    root.hidden = true;
    element.append(root);
    onceSeen(element, {}, () => trigger("expand"));
    watch("known", () => {
      const before = shown && shown.model === props.known.model && shown.kind === props.known.kind ? sliders.map((slider) => slider.value) : [];
      shown = props.known;
      sliders = [];
      rows.replaceChildren(...shown.directions.map(row));
      put(before);
      settle();
      note.textContent = shown.note;
      root.hidden = false;
      tell();
    });
    watch("moved", () => picture.show(props.moved));
    watch("placed", () => {
      wanted = props.placed;
      if (!shown) return;
      settle();
      tell();
    });
  };

  // Where the three latents lie in the square, as shares of its sides.
  const CORNERS = { A: [0.42, 0.8], B: [0.85, 0.8], C: [0.58, 0.22] };
  const SLACK = 0.01; // by which rounding may put a place on the edge outside
  const between = (...shares) => [0, 1].map((axis) => Object.values(CORNERS).reduce((sum, corner, i) => sum + shares[i] * corner[axis], 0));
  const weights = ([x, y]) => {
    const [[ax, ay], [bx, by], [cx, cy]] = Object.values(CORNERS);
    const whole = (by - cy) * (ax - cx) + (cx - bx) * (ay - cy);
    const a = ((by - cy) * (x - cx) + (cx - bx) * (y - cy)) / whole;
    const b = ((cy - ay) * (x - cx) + (ax - cx) * (y - cy)) / whole;
    return [a, b, 1 - a - b];
  };

  // Three latents in a square, a point to drag through their plane, its picture, and their arithmetic.
  ganzoo.plane = ({ element, props, trigger, watch }) => {
    const picture = still(() => (narrow.matches ? 196 : 280));
    const said = make("p", { role: "status", class: "gz-quiet gz-note" });
    const hand = make("div", { class: "gz-hand" });
    const parsed = make("template");
    parsed.innerHTML = '<svg viewBox="0 0 1 1" aria-hidden="true"><polygon /></svg>';
    const edges = parsed.content.firstChild;
    edges.firstChild.setAttribute("points", Object.values(CORNERS).join(" "));
    const pad = make("div", { class: "gz-plane", tabindex: "0", role: "group", "aria-label": "The plane: arrow keys move the point, A, B and C put it on a corner" }, edges, hand);
    const corners = Object.fromEntries([...Object.entries(CORNERS), ["sum", between(1, -1, 1)]].map(([name, [x, y]]) => {
      const image = make("img", { alt: "", draggable: "false" });
      const node = make("div", { class: "gz-corner" }, image, make("span", {}, name === "sum" ? "A − B + C" : name));
      node.style.left = `${100 * x}%`;
      node.style.top = `${100 * y}%`;
      pad.append(node);
      return [name, image];
    }));
    let place = between(1 / 3, 1 / 3, 1 / 3);
    const go = (next, told = null) => {
      place = next.map((share) => Math.max(0, Math.min(1, share)));
      hand.style.left = `${100 * place[0]}%`;
      hand.style.top = `${100 * place[1]}%`;
      props.value = (told ?? weights(place)).map((weight) => Math.round(100 * weight) / 100 + 0); // what is told is what is drawn
      said.textContent = props.value.map((weight, i) => `${"ABC"[i]} ${weight.toFixed(2)}`).join("  ·  ").replaceAll("-", "−");
      trigger("input");
    };
    const under = (event) => {
      const box = pad.getBoundingClientRect();
      go([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
    };
    pad.addEventListener("pointerdown", (event) => { pad.setPointerCapture(event.pointerId); under(event); });
    pad.addEventListener("pointermove", (event) => { if (pad.hasPointerCapture(event.pointerId)) under(event); });
    pad.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const corner = CORNERS[event.key.toUpperCase()];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key in moves) go(place.map((share, axis) => share + 0.04 * moves[event.key][axis]));
      else if (corner) go(corner);
      else return;
      event.preventDefault();
    });
    const terms = ["A", "B", "C", "sum"].map(() => still(() => (narrow.matches ? 64 : 112)));
    const signs = ["", "−", "+", "="];
    const sum = make("div", { class: "gz-terms" }, ...terms.flatMap((term, i) => {
      const caption = make("figcaption", {});
      return [...(signs[i] ? [make("span", { class: "gz-sign" }, signs[i])] : []), make("figure", {}, term.root, caption)];
    }));
    const root = make("div", {},
      make("div", { class: "gz-explore" }, pad, make("div", { class: "gz-moved" }, make("div", { class: "gz-mat" }, picture.root), said)),
      make("h3", {}, "A − B + C"), sum);
    root.hidden = true;
    element.append(root);
    onceSeen(element, {}, () => trigger("expand"));
    watch("known", () => {
      root.hidden = false;
      props.known.forEach(({ name, label, src, alt }, i) => {
        corners[name].src = src;
        terms[i].show({ src, alt });
        terms[i].root.nextSibling.textContent = label;
      });
      go(place, props.value || null);
    });
    watch("moved", () => picture.show(props.moved));
    const settle = () => {
      const [a, b, c] = props.placed.at, next = between(a, b, 1 - a - b); // rounded weights do not quite add up to 1
      go(next, next.every((share) => share > -SLACK && share < 1 + SLACK) ? [a, b, c] : null);
    };
    watch("placed", settle);
    if (props.placed) settle(); // by a link, before this tab was opened
  };
}
