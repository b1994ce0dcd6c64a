// The first minute: a few steps that tick themselves off as they are done; put away for good by a button.

import { h, inside, keyed } from "./dom.js";

const KEY = "mockkommunicate.guide";

const STEPS = [
  { name: "open", panel: "conversations", text: "Open a conversation." },
  { name: "customer", panel: "conversations", text: "Write as the customer, on the left, and press Enter." },
  { name: "agent", panel: "conversations", text: "Answer as an agent, on the right." },
  { name: "why", panel: "people", text: "See in People whose turn it is, and send an agent away." },
  { name: "journal", panel: "journal", text: "Open a request in the Journal, and copy it as a test." },
  { name: "fault", panel: "faults", text: "Let requests fail: add a fault." },
];

// Make the guide; `pathTo` answers where a panel is, `done` is called with what the page has just done.
export function guide(pathTo) {
  const known = read();
  const list = h("ol", {});
  const element = h("aside", { class: "guide", "aria-label": "The first minute" },
    h("div", { class: "heading" }, h("h2", {}, "The first minute"), h("button", { type: "button", class: "small", click: close }, "Put this away")), list);
  element.hidden = known.closed === true;
  show();

  function show() {
    const steps = STEPS.map((step) => ({ ...step, path: pathTo(step.panel), isDone: known.done.includes(step.name) }));
    keyed(list, steps, (step) => step.name, ({ path, text, isDone }) => h("li", { "data-done": isDone ? "true" : null },
      h("span", { class: "unseen" }, isDone ? "Done: " : "To do: "), inside(path, {}, text)));
  }

  function close() {
    known.closed = true;
    write(known);
    element.hidden = true;
  }

  function done(name) {
    if (known.done.includes(name) || !STEPS.some((step) => step.name === name)) return;
    known.done.push(name);
    write(known);
    show();
  }

  return { element, done, show };
}

// Answer which step a call of the console was, if it was one.
export function stepOf(method, path) {
  if (method === "PATCH" && path.includes("/users/")) return "why";
  if (method === "POST" && path.endsWith("/faults")) return "fault";
  if (method === "GET" && path.endsWith("/pytest")) return "journal";
  return null;
}

function read() {
  try {
    const { closed = false, done = [] } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { closed, done };
  } catch {
    return { closed: false, done: [] };
  }
}

function write(known) {
  localStorage.setItem(KEY, JSON.stringify(known));
}
