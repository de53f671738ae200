// What gradio's own components do not do: grids of small pictures that are shown crisp and chosen by tile, and what else
// several parts of the page share. Each function under `ganzoo` brings one gr.HTML to life. Text from outside only ever
// becomes text or an attribute.
window.ganzoo = {};
{
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const button = (label, action, width = "") => {
    const node = make("button", { type: "button", class: `gz-button ${width}`.trim() }, label);
    node.addEventListener("click", action);
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
    const tiles = make("div", { role: "listbox", tabindex: "0", class: "gz-tiles", hidden: "" }); // until it has some
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
    const moved = new ResizeObserver(layout);
    moved.observe(root);
    moved.observe(document.body); // what is above may have grown
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
    const focus = (i) => {
      active = i;
      mark();
      tiles.focus();
    };
    return {
      root, show, choose, classify, focus,
      get chosen() { return chosen; }, get active() { return active; }, get value() { return value; },
    };
  };

  // Which tile is to be chosen once a sheet shows `next`, after tile `chosen` of `before`: the same picture where the sheets
  // begin with the same seed, or else that of the seed they begin with.
  const keepChosen = (before, chosen, next) => {
    const first = Math.min(...next.seeds);
    const alike = before?.model === next.model && Math.min(...before.seeds) === first;
    return Math.max(0, next.seeds.indexOf(alike ? before.seeds[chosen] : first));
  };

  // How many times its pixels a single picture is shown: whole times, or shrunk, smoothly, if it has not the room.
  const magnification = ([high, wide], side) => {
    const most = side / Math.max(high, wide);
    return { zoom: most < 1 ? most : Math.floor(most), rendering: most < 1 ? "auto" : "pixelated" };
  };
  const narrow = window.matchMedia("(max-width: 800px)");

  // One picture, crisp, whose element stays while what it shows moves.
  const still = (side) => {
    const root = make("img", { alt: "", draggable: "false", class: "gz-still" });
    root.onload = () => {
      const { zoom, rendering } = magnification([root.naturalHeight, root.naturalWidth], side());
      root.style.width = `${root.naturalWidth * zoom}px`;
      root.style.height = `${root.naturalHeight * zoom}px`;
      root.style.imageRendering = rendering;
    };
    const show = ({ src, alt }) => { root.src = src; root.alt = alt; };
    return { root, show };
  };

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

  // Draw each value that comes. What takes its time asks in between whether a newer one has overtaken its own.
  const follow = (props, watch, draw) => {
    let turn = 0;
    const next = () => {
      if (!props.value) return;
      const mine = ++turn;
      draw(props.value, () => mine !== turn);
    };
    watch("value", next);
    next();
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

  // A button that leads to a part of another tab names it, and that is scrolled to as soon as it shows what was asked for.
  let sought = null;
  const seek = (name) => { sought = name; };
  const arrive = (name, element) => {
    if (name !== sought) return;
    sought = null;
    element.scrollIntoView();
  };

  const capital = (words) => words[0].toUpperCase() + words.slice(1);

  // Hand the visitor a file, given as an address that holds it. A PNG takes along how to see the same again: the view
  // that the page has, but for `changes`; none where that has no link.
  const PNG = "data:image/png;base64,";
  const save = (name, src, changes) => {
    const view = ganzoo.view(changes);
    if (!view || !src.startsWith(PNG)) return make("a", { href: src, download: name }).click();
    const png = Uint8Array.from(atob(src.slice(PNG.length)), (letter) => letter.charCodeAt(0));
    const address = URL.createObjectURL(ganzoo.recipe.written(png, view));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // once the browser has it
  };

  // A sheet with its chosen tile beside it, large and named, and `beside` under that. `onLook` follows what is looked at: it
  // gets true where the visitor has chosen it. Whoever shows something else in the sheet looks again.
  const viewer = (onLook, ...beside) => {
    const glass = loupe(() => (narrow.matches ? 112 : 196)), name = make("h3"), note = make("p", { class: "gz-quiet gz-note" });
    const look = (byHand = false) => {
      glass.show(grid.value, grid.chosen);
      name.textContent = capital(grid.value.labels[grid.chosen]);
      note.textContent = grid.value.note;
      onLook(byHand);
    };
    const grid = sheet(() => look(true));
    const whole = button("Save grid", () => save(`${grid.value.file}.png`, grid.value.src));
    const foot = make("div", { class: "gz-foot" }, note, whole);
    const aside = make("aside", { class: "gz-aside" }, glass.root, name, ...beside);
    const root = make("div", { class: "gz-picture" }, make("div", { class: "gz-main" }, grid.root, foot), aside);
    root.hidden = true;
    return { root, grid, look };
  };

  ganzoo.parts = { make, button, viewer, still, sheet, keepChosen, magnification, narrow, loupe, follow, onceSeen, seek, arrive, capital, save };
}
