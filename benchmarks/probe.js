// Watches one picture of a page: when it was asked for, when its answer came, and when it stood on the screen. Times are
// milliseconds since the page was opened. Runs before anything of the page does.
window.probe = (() => {
  const QUIET = 250; // this long nothing has happened: the page has come to rest
  let selector = "", source = "", kind = "", record = {}, touched = 0, asking = 0, painting = 0;

  const touch = () => (touched = performance.now());
  const frame = () => new Promise(requestAnimationFrame);

  // Forget what was; the next event of this kind (click, input) is what pictures are counted from.
  const listen = (event) => {
    kind = event;
    record = { asked: null, answers: [], paints: [] };
    touch();
  };
  const ask = (event) => {
    if (event.type === kind) record.asked ??= touch();
  };
  for (const event of ["click", "input"]) addEventListener(event, ask, { capture: true });

  // A picture counts as painted in the second frame after it was decoded in its place: in the first it is painted.
  const look = async () => {
    const image = document.querySelector(selector);
    if (!image?.src || image.src === source) return;
    const mine = (source = image.src), { paints } = record;
    painting++;
    try {
      await image.decode();
      await frame();
      await frame();
      const arrived = performance.getEntriesByName(mine).at(-1)?.responseEnd ?? 0;
      if (mine === source) paints.push({ painted: touch(), arrived });
    } catch {
      // A newer picture took its place before it was seen.
    } finally {
      painting--;
      touch();
    }
  };
  const watch = (picture) => {
    selector = picture;
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ["src"] });
  };

  // What an event brought, whether gradio's queue told of it on a stream or it came as the answer to a request.
  const answered = (event, at, { duration, data = [] }) => {
    const told = data.map((part) => (part?.value ?? part)?.milliseconds).find(Boolean) ?? null;
    record.answers.push({ event, at, function: 1000 * duration, told });
    asking--;
  };
  const read = async (answer) => {
    const text = await answer.text(), at = touch();
    answered(null, at, JSON.parse(text));
  };
  const follow = async (stream) => {
    let text = "";
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
      const at = touch(), messages = (text + piece).split("\n\n");
      text = messages.pop();
      for (const message of messages.map((message) => JSON.parse(message.slice("data: ".length)))) {
        if (message.msg === "process_completed") answered(message.event_id, at, message.output);
      }
    }
  };
  const fetch = window.fetch;
  window.fetch = async (...request) => {
    const { pathname } = new URL(request[0].url ?? request[0], location);
    const direct = pathname.includes("/gradio_api/run/"), queued = pathname.endsWith("/gradio_api/queue/join");
    if (direct || queued) touch(), asking++;
    const response = await fetch(...request);
    if (direct) read(response.clone()); // meanwhile the page reads on
    if (queued && !response.ok) asking--;
    if (pathname.endsWith("/gradio_api/queue/data")) follow(response.clone().body);
    return response;
  };

  // What happened since `listen`, once there is a picture and the page has come to rest.
  const settled = async (patience) => {
    const end = performance.now() + patience;
    while (!record.paints.length || asking > 0 || painting > 0 || performance.now() - touched < QUIET) {
      if (performance.now() > end) throw new Error(`${record.paints.length} came in ${patience / 1000} s`);
      await new Promise((resume) => setTimeout(resume, 20));
    }
    return { ...record, origin: performance.timeOrigin };
  };

  performance.setResourceTimingBufferSize(100_000);
  listen("");
  return { listen, watch, settled };
})();
