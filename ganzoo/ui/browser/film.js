{
  const { make, magnification, follow, onceSeen } = ganzoo.parts;

  // Films of several runs, moved by one slider. All frames of a run come in one picture, of which one is seen at a time.
  ganzoo.film = ({ element, props, trigger, watch }) => {
    const WHOLE = 8000, SLOWEST = 300; // milliseconds that all moments take, and that one takes at most
    const films = make("div", { class: "gz-films" }), remarks = make("div", { class: "gz-quiet" });
    const slider = make("input", { type: "range", min: "0", step: "1", "aria-label": "Moment of the training" });
    const play = make("button", { type: "button", class: "gz-button" }, "Play"), now = make("output", { class: "gz-note" });
    const controls = make("div", { class: "gz-film-controls" }, play, slider, now);
    const root = make("div", { class: "gz-film" }, films, controls, remarks);
    root.hidden = true;
    element.append(root);
    let runs = [], moments = [], clock = null;

    const told = (count) => `${count.toLocaleString("en")} images`;
    const screen = (run) => {
      const image = make("img", { draggable: "false", src: run.src }), caption = make("figcaption");
      const name = make("h3", {}, run.model);
      if (run.exhibit) name.append(" ", make("em", {}, run.exhibit));
      const pane = make("div", { class: "gz-loupe" }, image);
      const figure = make("figure", {}, name, pane, caption);
      const show = (moment) => {
        const i = run.frames[moment], [high, wide] = run.tile;
        const room = Math.min(figure.clientWidth || wide, Math.max(320, 0.7 * window.innerHeight));
        const { zoom, rendering } = magnification(run.tile, room);
        const steps = Math.ceil(run.steps.length / run.across);
        pane.style.width = `${wide * zoom}px`;
        pane.style.height = `${high * zoom}px`;
        image.style.width = `${run.across * wide * zoom}px`;
        image.style.height = `${steps * high * zoom}px`;
        image.style.left = `${-(i % run.across) * wide * zoom}px`;
        image.style.top = `${-Math.floor(i / run.across) * high * zoom}px`;
        image.style.imageRendering = rendering;
        const step = `step ${run.steps[i].toLocaleString("en")}`;
        image.alt = `${run.shows}, after ${step}`;
        caption.textContent = moment > run.end ? `${step}, where the run is over` : step;
      };
      return { image, figure, show };
    };
    const show = () => {
      const moment = Number(slider.value);
      for (const run of runs) run.show(moment);
      now.textContent = told(moments[moment]);
      slider.setAttribute("aria-valuetext", now.textContent);
      document.documentElement.style.setProperty("--gz-moment", `${(100 * moment) / Math.max(1, moments.length - 1)}%`);
    };
    const pause = () => {
      clearInterval(clock);
      clock = null;
      play.textContent = "Play";
    };
    const next = () => {
      if (!element.checkVisibility() || slider.value === slider.max) return pause();
      slider.value = Number(slider.value) + 1;
      show();
    };
    play.addEventListener("click", () => {
      if (clock !== null) return pause();
      if (slider.value === slider.max) slider.value = 0;
      show();
      clock = setInterval(next, Math.min(SLOWEST, WHOLE / moments.length));
      play.textContent = "Pause";
    });
    slider.addEventListener("input", () => { pause(); show(); });
    new ResizeObserver(() => { if (runs.length && root.clientWidth) show(); }).observe(root);

    onceSeen(element, props, () => trigger("expand"));
    follow(props, watch, async (value, overtaken) => {
      const ready = value.runs.map(screen);
      await Promise.all(ready.map(({ image }) => image.decode()));
      if (overtaken()) return;
      pause();
      const before = moments[Number(slider.value)] ?? Infinity;
      const at = value.moments.findIndex((images) => images >= before);
      ({ moments } = value);
      runs = ready;
      slider.max = Math.max(0, moments.length - 1);
      slider.value = at < 0 ? slider.max : at;
      films.replaceChildren(...runs.map(({ figure }) => figure));
      films.style.setProperty("--films", runs.length);
      remarks.replaceChildren(...value.remarks.map((remark) => make("p", {}, remark)));
      controls.hidden = runs.length === 0;
      root.hidden = false;
      if (runs.length) show();
    });
  };
}
