// What changes, as it does: one event stream, opened again whenever it breaks, closed while nobody looks.

import { call } from "./api.js";

const SILENT_MS = 15000; // the server sends something every five seconds
const LONGEST_PAUSE_MS = 8000;

// Watch an app. `told` gets each change, `state` gets connecting, live, lost, paused or gone.
export function watch(app, { told, state }) {
  const stopped = new AbortController();
  run(app, { told, state }, stopped.signal);
  return () => stopped.abort();
}

async function run(app, tell, signal) {
  let pause = 250;
  tell.state("connecting");
  while (!signal.aborted) {
    await visible(tell, signal);
    const outcome = await stream(app, tell, signal, () => (pause = 250));
    if (signal.aborted || outcome === "gone") return;
    if (document.hidden) continue;
    tell.state("lost");
    await wait(pause * (0.75 + Math.random() / 2), signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

// Wait until the page can be seen: browsers open few connections to a host, and a page in the dark needs none.
function visible({ state }, signal) {
  if (!document.hidden) return Promise.resolve();
  state("paused");
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
}

function wait(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

async function stream(app, tell, signal, begun) {
  const broken = new AbortController();
  const stop = () => broken.abort();
  const hide = () => document.hidden && stop();
  signal.addEventListener("abort", stop, { once: true });
  document.addEventListener("visibilitychange", hide);
  let timer = setTimeout(stop, SILENT_MS);
  try {
    const response = await call("GET", app.path("events"), { raw: true, signal: broken.signal });
    begun();
    tell.state("live");
    for await (const { name, data } of events(response.body, () => (clearTimeout(timer), (timer = setTimeout(stop, SILENT_MS))))) {
      if (name === "gone") return tell.state("gone"), "gone";
      tell.told(JSON.parse(data));
    }
  } catch (error) {
    if (error.status === 404) return tell.state("gone"), "gone";
    if (error.status) tell.state("lost", error.message);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    document.removeEventListener("visibilitychange", hide);
  }
  return "broken";
}

// Yield the events of a stream; `beat` hears of every byte.
async function* events(body, beat) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    beat();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
      if (fields.event) yield { name: fields.event, data: fields.data };
    }
  }
}

// Make what calls `update` after changes: one at a time, at once after a rest, and while there are ever more changes never
// so often that the server has nothing else to do. Nobody who has just pressed something waits for that: `now`. What
// answers true is called again.
export function calmly(update, { least = 250, often = 1000 } = {}) {
  let wanted = false;
  let urgent = false;
  let running = false;
  let closed = false;
  let hurry = () => {};
  async function go() {
    if (running || closed) return;
    running = true;
    for (let pause = least; wanted && !closed; pause = often) {
      wanted = urgent = false;
      const began = performance.now();
      if (await update()) wanted = true;
      const rest = Math.max(pause, 5 * (performance.now() - began));
      if (!urgent) await new Promise((resolve) => ((hurry = resolve), setTimeout(resolve, rest)));
    }
    running = false;
  }
  const ask = () => ((wanted = true), go());
  return { ask, now: () => ((urgent = true), hurry(), ask()), close: () => (closed = true) };
}
