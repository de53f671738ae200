// What gradio's own components do not do: cards, and grids of small pictures that are shown crisp and chosen by tile.
// Each function under `ganzoo` brings one gr.HTML to life. Text from outside only ever becomes text or an attribute.
window.ganzoo = (() => {
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const crisp = (image, width, height, room) => {
    // The largest zoom at which one pixel of the image is a whole number of the screen's. A picture that is larger than
    // the room even so is no small picture: it is shrunk to fit, smoothly.
    const ratio = window.devicePixelRatio || 1;
    const whole = Math.floor(Math.min(room.width / width, Math.max(room.height, 1) / height) * ratio) / ratio;
    const least = Math.min(1 / ratio, room.width / width);
    const zoom = Math.max(whole, least);
    image.style.width = `${width * zoom}px`;
    image.style.height = `${height * zoom}px`;
    image.style.imageRendering = whole > 0 || least === 1 / ratio ? "pixelated" : "auto";
    return zoom;
  };

  const tallest = () => Math.max(320, Math.min(0.78 * window.innerHeight, 760));

  // A grid whose tiles can be chosen: by mouse and touch, or arrows and Enter. `onChoose` gets the tile's number.
  const sheet = (onChoose, { height = tallest } = {}) => {
    let image = make("img", { alt: "" });
    const tiles = make("div", { role: "listbox", tabindex: "0", class: "gz-tiles" });
    const frame = make("div", { class: "gz-sheet" }, image, tiles);
    const root = make("div", { class: "gz-mat" }, frame);
    let value = null, active = 0, chosen = 0, turn = 0;

    const layout = () => {
      if (!value || !image.naturalWidth || !root.clientWidth) return;
      const style = getComputedStyle(root);
      const width = root.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const zoom = crisp(image, image.naturalWidth, image.naturalHeight, { width, height: height() });
      const [high, wide] = value.tile;
      tiles.style.gridTemplateColumns = `repeat(${value.across}, ${wide * zoom}px)`;
      tiles.style.gridAutoRows = `${high * zoom}px`;
      tiles.style.gap = `${value.gap * zoom}px`;
      // Onto whole pixels of the screen as well, or a row would be drawn twice.
      frame.style.left = frame.style.top = "0";
      const place = frame.getBoundingClientRect();
      const off = (length) => Math.round(length * devicePixelRatio) / devicePixelRatio - length;
      frame.style.left = `${off(place.left + scrollX)}px`;
      frame.style.top = `${off(place.top + scrollY)}px`;
    };
    const mark = () => {
      [...tiles.children].forEach((tile, i) => {
        tile.setAttribute("aria-selected", i === chosen);
        tile.classList.toggle("active", i === active);
      });
      if (tiles.children[active]) tiles.setAttribute("aria-activedescendant", tiles.children[active].id);
    };
    const choose = (i, quietly = false) => {
      active = chosen = Math.max(0, Math.min(i, value.labels.length - 1));
      mark();
      if (!quietly) onChoose(chosen);
    };
    tiles.addEventListener("click", (event) => {
      const tile = event.target.closest("[role=option]");
      if (tile) choose([...tiles.children].indexOf(tile));
    });
    tiles.addEventListener("keydown", (event) => {
      const last = value.labels.length - 1;
      const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -value.across, ArrowDown: value.across };
      if (event.key in moves) {
        const next = active + moves[event.key];
        if (next >= 0 && next <= last) active = next;
      } else if (event.key === "Home") active = 0;
      else if (event.key === "End") active = last;
      else if (event.key === "Enter" || event.key === " ") choose(active);
      else return;
      mark();
      event.preventDefault();
    });
    new ResizeObserver(layout).observe(root);
    window.addEventListener("resize", layout);

    const show = async (next) => {
      const mine = ++turn;
      const ready = make("img", { src: next.src, alt: next.alt, draggable: "false" });
      await ready.decode();
      if (mine !== turn) return false; // a newer picture overtook this one
      value = next;
      image.replaceWith(ready);
      image = ready;
      tiles.setAttribute("aria-label", next.about);
      tiles.hidden = next.labels.length === 0; // a picture to look at only
      while (tiles.children.length > next.labels.length) tiles.lastChild.remove();
      while (tiles.children.length < next.labels.length) {
        tiles.append(make("div", { role: "option", id: `gz-${Math.random().toString(36).slice(2)}` }));
      }
      next.labels.forEach((label, i) => {
        tiles.children[i].setAttribute("aria-label", label);
        tiles.children[i].title = label;
      });
      layout();
      choose(Math.min(chosen, next.labels.length - 1), true);
      return true;
    };
    const classify = (name, belongs) => [...tiles.children].forEach((tile, i) => tile.classList.toggle(name, belongs(i)));
    return { root, show, choose, classify, get chosen() { return chosen; }, get value() { return value; } };
  };

  // How many times its pixels a single picture is shown: whole times, or shrunk, smoothly, if it has not the room.
  const magnification = ([high, wide], side) => {
    const most = side / Math.max(high, wide);
    return { zoom: most < 1 ? most : Math.floor(most), rendering: most < 1 ? "auto" : "pixelated" };
  };
  const narrow = window.matchMedia("(max-width: 800px)");

  // One tile of a sheet, large.
  const loupe = (side) => {
    const image = make("img", { alt: "", draggable: "false" });
    const window_ = make("div", { class: "gz-loupe" }, image);
    const show = (value, i) => {
      const [high, wide] = value.tile;
      const { zoom, rendering } = magnification(value.tile, side());
      const scale = () => {
        image.style.width = `${image.naturalWidth * zoom}px`;
        image.style.height = `${image.naturalHeight * zoom}px`;
      };
      image.onload = scale;
      image.src = value.src;
      image.style.imageRendering = rendering;
      scale();
      image.alt = `${value.model}, ${value.labels[i]}`;
      image.style.left = `${-(i % value.across) * (wide + value.gap) * zoom}px`;
      image.style.top = `${-Math.floor(i / value.across) * (high + value.gap) * zoom}px`;
      window_.style.width = `${wide * zoom}px`;
      window_.style.height = `${high * zoom}px`;
    };
    return { root: window_, show };
  };

  const follow = (props, watch, draw) => {
    watch("value", () => props.value && draw(props.value));
    if (props.value) draw(props.value);
  };

  // Tell when an element comes to sight, as a tab is opened. One that comes with a value is drawn already.
  const onceSeen = (element, props, tell) => {
    let seen = Boolean(props.value);
    new ResizeObserver(([entry]) => {
      const now = entry.contentRect.width > 0;
      if (now && !seen) tell();
      seen = now;
    }).observe(element);
  };

  const capital = (words) => words[0].toUpperCase() + words.slice(1);

  const save = (name, address) => make("a", { href: address, download: name }).click();

  // The row of models. props.value is the chosen id, props.cards what everybody sees, props.joined what the visitor has
  // just opened.
  const cards = ({ element, props, trigger, watch }) => {
    const row = make("div", { role: "radiogroup", "aria-label": "Models", class: "gz-cards" });
    element.append(row);
    const mark = () => {
      for (const card of row.children) {
        const on = card.dataset.id === props.value;
        card.setAttribute("aria-checked", on);
        card.tabIndex = on ? 0 : -1;
      }
    };
    const choose = (card, again = false) => {
      if (!card || (card.dataset.id === props.value && !again)) return;
      props.value = card.dataset.id;
      mark();
      card.scrollIntoView({ block: "nearest", inline: "nearest" });
      trigger("select");
    };
    const joined = new Map(); // of this visit alone
    row.addEventListener("click", (event) => choose(event.target.closest("[role=radio]")));
    row.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!step) return;
      const all = [...row.children];
      const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
      next.focus();
      choose(next);
      event.preventDefault();
    });
    // A card that stays keeps its elements: the visitor may have pressed one of them already, and a click on what has
    // gone when the button is let go is none.
    const draw = () => {
      const there = new Map([...row.children].map((card) => [card.dataset.id, card]));
      const cards = [...props.cards, ...joined.values()].map((card) => {
        const mat = make("div", { class: "gz-thumb" }), words = make("div", {}, make("strong"), make("span"), make("span"));
        const element = there.get(card.id) ?? make("div", { role: "radio", "data-id": card.id }, mat, words);
        const [thumb, text] = element.children;
        if (!card.src) thumb.replaceChildren();
        else if (!thumb.firstChild) thumb.append(make("img", { src: card.src, alt: "", draggable: "false" }));
        else if (thumb.firstChild.src !== card.src) thumb.firstChild.src = card.src;
        const [title, dataset, score] = text.children;
        title.textContent = card.title;
        dataset.textContent = card.dataset;
        if (card.exhibit) dataset.append(" · ", make("em", {}, card.exhibit));
        score.textContent = card.score?.text ?? "";
        score.title = card.score?.protocol ?? "";
        element.title = [card.id, card.exhibit].filter(Boolean).join(": ");
        return element;
      });
      const same = cards.length === row.children.length && cards.every((card, i) => card === row.children[i]);
      if (!same) row.replaceChildren(...cards);
      mark();
      if (!cards.some((card) => card.dataset.id === props.value)) choose(cards[0]); // the chosen one is no longer there
    };
    watch("cards", draw);
    watch("joined", () => {
      const { card } = props.joined;
      joined.set(card.id, card);
      draw();
      choose([...row.children].find((one) => one.dataset.id === card.id), true);
    });
    watch("value", mark);
    draw();
  };

  // A sheet with its chosen tile beside it. The tile's buttons call events of the component, which get the seed.
  const picture = ({ element, props, trigger, watch }) => {
    const glass = loupe(() => (narrow.matches ? 112 : 196)), name = make("h3"), said = make("p", { role: "status", class: "gz-quiet" });
    const note = make("p", { class: "gz-quiet gz-note" });
    const button = (label, action, width = "") => {
      const node = make("button", { type: "button", class: `gz-button ${width}` }, label);
      node.addEventListener("click", action);
      return node;
    };
    const seed = () => grid.value.seeds[grid.chosen];
    const tell = (event, words) => () => { said.textContent = words(seed()); trigger(event, { seed: seed() }); };
    const buttons = make("div", { class: "gz-buttons" },
      button("Use as A", tell("use_a", (s) => `A is now seed ${s}.`)),
      button("Use as B", tell("use_b", (s) => `B is now seed ${s}.`)),
      button("Interpolate A to B", () => trigger("interpolate"), "wide"),
      button("Save picture", tell("save", () => ""), "wide"));
    const look = () => {
      glass.show(grid.value, grid.chosen);
      const label = grid.value.labels[grid.chosen];
      name.textContent = label[0].toUpperCase() + label.slice(1);
    };
    const grid = sheet(() => { look(); said.textContent = ""; });
    const whole = button("Save grid", () => save(`${grid.value.file}.png`, grid.value.src));
    const foot = make("div", { class: "gz-foot" }, note, whole);
    const aside = make("aside", { class: "gz-aside" }, glass.root, name, buttons, said);
    const root = make("div", { class: "gz-picture" }, make("div", { class: "gz-main" }, grid.root, foot), aside);
    root.hidden = true;
    element.append(root);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      root.hidden = false;
      if (!(await grid.show(value))) return;
      note.textContent = value.note;
      look();
    });
  };

  // A way between two latents: the loop, the frame chosen on the strip, and the strip.
  const walk = ({ element, props, trigger, watch }) => {
    const pair = () => (narrow.matches ? 160 : 224); // two of them side by side
    const glass = loupe(pair), name = make("figcaption"), note = make("p", { class: "gz-quiet gz-note" });
    const loop = make("img", { alt: "", draggable: "false" });
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pause = make("button", { type: "button", class: "gz-button" });
    let paused = still;
    const play = () => {
      loop.src = paused ? strip.value.still : strip.value.loop;
      pause.textContent = paused ? "Play" : "Pause";
    };
    pause.addEventListener("click", () => { paused = !paused; play(); });
    const strip = sheet(() => look(), { height: () => 400 });
    const look = () => {
      glass.show(strip.value, strip.chosen);
      name.textContent = strip.value.labels[strip.chosen];
    };
    const root = make("div", { class: "gz-walk" },
      make("div", { class: "gz-pair" },
        make("figure", {}, make("div", { class: "gz-loop" }, loop), make("figcaption", {}, pause)),
        make("figure", {}, glass.root, name)),
      strip.root, note);
    root.hidden = true;
    element.append(root);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      root.hidden = false;
      if (!(await strip.show(value))) return;
      const [high, wide] = value.tile;
      const { zoom, rendering } = magnification(value.tile, pair());
      loop.alt = value.alt;
      loop.style.width = `${wide * zoom}px`;
      loop.style.height = `${high * zoom}px`;
      loop.style.imageRendering = rendering;
      play();
      note.textContent = value.note;
      look();
    });
  };

  // Pictures of seeds with styles of others, in rows; the first row and column are the seeds' own. The chosen tile large.
  const mixture = ({ element, props, trigger, watch }) => {
    const glass = loupe(() => (narrow.matches ? 112 : 196)), name = make("h3"), note = make("p", { class: "gz-quiet gz-note" });
    const grid = sheet(() => look());
    const look = () => {
      glass.show(grid.value, grid.chosen);
      name.textContent = capital(grid.value.labels[grid.chosen]);
    };
    const whole = make("button", { type: "button", class: "gz-button" }, "Save grid");
    whole.addEventListener("click", () => save(`${grid.value.file}.png`, grid.value.src));
    const foot = make("div", { class: "gz-foot" }, note, whole);
    const aside = make("aside", { class: "gz-aside" }, glass.root, name);
    const root = make("div", { class: "gz-picture" }, make("div", { class: "gz-main" }, grid.root, foot), aside);
    root.hidden = true;
    element.append(root);
    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value) => {
      root.hidden = false;
      if (!(await grid.show(value))) return;
      grid.classify("source", (i) => i < value.across || i % value.across === 0);
      note.textContent = value.note;
      look();
    });
  };

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
  const comparison = ({ element, props, watch }) => {
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

  // Where a picture is drawn, dropped or chosen, in the pixels that a model sees. props.canvas says of what size it is,
  // props.given is put there from outside; props.value is what lies there, as a PNG's address.
  const pad = ({ element, props, trigger, watch }) => {
    const canvas = make("canvas", { role: "img", "aria-label": "Your picture: draw it here, or drop one" });
    const brush = canvas.getContext("2d");
    const said = make("p", { role: "status", class: "gz-quiet" });
    const button = (label, action) => {
      const node = make("button", { type: "button", class: "gz-button" }, label);
      node.addEventListener("click", action);
      return node;
    };
    let own = false; // whether the visitor has made what lies there
    let told = 0;
    const tell = () => {
      told = performance.now();
      props.value = canvas.toDataURL("image/png");
      trigger("input");
    };
    const blank = () => {
      brush.fillStyle = "#000000";
      brush.fillRect(0, 0, canvas.width, canvas.height);
    };
    const put = (image, width, height) => { // its centre, as large as there is room
      const zoom = Math.max(canvas.width / width, canvas.height / height);
      brush.imageSmoothingEnabled = zoom < 1;
      brush.imageSmoothingQuality = "high";
      blank();
      const [wide, high] = [width * zoom, height * zoom];
      brush.drawImage(image, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high);
    };
    const take = async (file) => {
      if (!file) return;
      try {
        const image = await createImageBitmap(file);
        put(image, image.width, image.height);
        said.textContent = "";
        own = true;
        tell();
      } catch {
        said.textContent = "The browser can read no picture in that.";
      }
    };

    const colour = make("input", { type: "color", value: "#ffffff", "aria-label": "Colour" });
    const erase = button("Erase", () => erase.setAttribute("aria-pressed", erase.getAttribute("aria-pressed") !== "true"));
    erase.setAttribute("aria-pressed", "false");
    const width = make("input", { type: "range", min: "1", max: "6", step: "0.5", value: "1.5", id: "gz-pen" });
    let last = null;
    const spot = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
    };
    const stroke = (event) => {
      const next = spot(event);
      brush.strokeStyle = erase.getAttribute("aria-pressed") === "true" ? "#000000" : colour.value;
      brush.lineWidth = Number(width.value);
      brush.lineCap = brush.lineJoin = "round";
      brush.beginPath();
      brush.moveTo(...last);
      brush.lineTo(...next);
      brush.stroke();
      last = next;
      own = true;
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = spot(event);
      stroke(event);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      stroke(event);
      if (performance.now() - told > 100) tell(); // what comes of it follows the hand
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        if (last) tell();
        last = null;
      });
    }

    const chooser = make("input", { type: "file", accept: "image/*", hidden: "" });
    chooser.addEventListener("change", () => { take(chooser.files[0]); chooser.value = ""; });
    const root = make("div", { class: "gz-pad" }, canvas,
      make("div", { class: "gz-pen" }, make("label", { for: width.id }, "Pen"), width, colour, erase),
      make("div", { class: "gz-buttons" },
        button("Clear", () => { blank(); own = true; tell(); }),
        button("Example", () => { own = false; trigger("expand"); }),
        button("Choose a picture", () => chooser.click())),
      chooser, said);
    root.addEventListener("dragover", (event) => event.preventDefault());
    root.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); });
    element.append(root);

    const set = () => {
      if (!props.canvas) return;
      const [high, wide] = props.canvas.size;
      colour.hidden = props.canvas.channels === 1;
      if (colour.hidden) colour.value = "#ffffff";
      if (canvas.width === wide && canvas.height === high) return;
      const before = make("canvas", { width: canvas.width, height: canvas.height });
      before.getContext("2d").drawImage(canvas, 0, 0);
      [canvas.width, canvas.height] = [wide, high];
      const { zoom, rendering } = magnification(props.canvas.size, narrow.matches ? 280 : 336);
      canvas.style.width = `${wide * zoom}px`;
      canvas.style.height = `${high * zoom}px`;
      canvas.style.imageRendering = rendering;
      put(before, before.width, before.height);
      if (own) tell();
    };
    set();
    watch("canvas", () => {
      set();
      if (!own && canvas.checkVisibility()) trigger("expand"); // an example of one way is none of another
    });
    watch("given", async () => {
      const image = make("img", { src: props.given.src });
      await image.decode();
      if (own) return; // the visitor has begun meanwhile
      put(image, image.naturalWidth, image.naturalHeight);
      tell();
    });
    onceSeen(root, props, () => { if (!own) trigger("expand"); });
  };

  // What comes of it: pictures side by side.
  const translation = ({ element, props, watch }) => {
    const root = make("div", { class: "gz-translation" });
    let turn = 0;
    element.append(root);
    follow(props, watch, async ({ pictures, file }) => {
      const mine = ++turn;
      const figures = await Promise.all(pictures.map(async ({ name, src, alt, saved }) => {
        const image = make("img", { src, alt, draggable: "false" });
        await image.decode();
        const { zoom, rendering } = magnification([image.naturalHeight, image.naturalWidth], narrow.matches ? 140 : 196);
        image.style.width = `${image.naturalWidth * zoom}px`;
        image.style.height = `${image.naturalHeight * zoom}px`;
        image.style.imageRendering = rendering;
        const figure = make("figure", {}, image, make("figcaption", {}, name));
        if (saved) {
          const keep = make("button", { type: "button", class: "gz-button" }, "Save picture");
          keep.addEventListener("click", () => save(`${file}.png`, src));
          figure.append(keep);
        }
        return figure;
      }));
      if (mine === turn) root.replaceChildren(...figures); // or a newer one has overtaken it
    });
  };

  // Where the visitor types which model to open.
  const opener = ({ element, props, trigger }) => {
    const plain = { autocapitalize: "off", autocomplete: "off", spellcheck: "false" };
    const name = make("input", { id: "gz-name", list: "gz-names", placeholder: "owner/name, or its address", ...plain });
    const label = make("label", { for: name.id }, "Open a model of the Hub");
    const form = make("form", { class: "gz-open" }, label, name, make("button", { class: "gz-button" }, "Open"));
    element.append(form);
    name.addEventListener("focus", () => trigger("focus"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      props.value = name.value;
      trigger("submit");
    });
  };

  // What is offered there. props.remark is said of it.
  const offers = ({ element, props, watch }) => {
    const names = make("datalist", { id: "gz-names" }), remark = make("p", { class: "gz-quiet" });
    element.append(names, remark);
    const draw = () => {
      names.replaceChildren(...props.names.map((value) => make("option", { value })));
      remark.textContent = props.remark ?? "";
    };
    watch(["names", "remark"], draw);
    draw();
  };

  // What the visitor asked wrongly.
  const notice = ({ element, props, watch }) => {
    const said = make("p", { role: "alert" });
    element.append(said);
    watch("value", () => { said.textContent = props.value ?? ""; });
  };

  // A file that the server made because someone asked.
  const download = ({ props, watch }) => watch("value", () => props.value && save(props.value.name, props.value.src));

  return { cards, picture, walk, mixture, comparison, pad, translation, opener, offers, notice, download };
})();
