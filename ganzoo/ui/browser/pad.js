{
  const { make, button, magnification, narrow, onceSeen } = ganzoo.parts;

  // Where a picture is drawn, dropped or chosen, in the pixels that a model sees. props.canvas says of what size it is,
  // props.given is put there from outside; props.value is what lies there, as a PNG's address.
  ganzoo.pad = ({ element, props, trigger, watch }) => {
    const canvas = make("canvas", { role: "img", "aria-label": "Your picture: draw it here, or drop one" });
    const brush = canvas.getContext("2d");
    const said = make("p", { role: "status", class: "gz-quiet" });
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
    const width = make("input", { type: "range", min: "1", max: "6", step: "0.5", value: "1.5", id: `gz-pen-${element.id}` });
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
    const accept = async () => {
      own ||= Boolean(props.given.own);
      const image = make("img", { src: props.given.src });
      await image.decode();
      if (own && !props.given.own) return; // the visitor has begun meanwhile
      put(image, image.naturalWidth, image.naturalHeight);
      tell();
    };
    watch("given", accept);
    if (props.given) accept(); // by another tab, before this one was opened
    onceSeen(root, props, () => { if (!own) trigger("expand"); });
  };
}
