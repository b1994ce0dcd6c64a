// The journal: requests as they come, filtered; one of them beside it.

import { fill, h, inside, keyed } from "./dom.js";
import { content } from "./content.js";
import { choice, confirm, action, state, walk } from "./parts.js";
import { time } from "./words.js";
import { entry } from "./entry.js";

const PAGE = 50;
const MOST = 1000;
const METHODS = ["", "GET", "POST", "PATCH", "PUT", "DELETE"].map((one) => [one, one || "Any method"]);

export function journal({ app, ask, go, info }) {
  const filters = { method: "", operation: "", status: "", path: "", unmatched: "" };
  let entries = [];
  let turn = 0; // counts what makes an answer that is still on its way one to another question
  let current = null;
  let hasOlder = false;
  let dropped = 0;
  const list = walk(h("ul", { class: "rows", "aria-label": "Requests" }));
  const below = h("div", { class: "below" });
  const beside = h("div", { class: "beside" });
  const operations = [["", "Any operation"], ...[...new Set(info.emulates.map((one) => one.operation))].map((one) => [one, one])];
  const element = h("section", { class: "split journal", "aria-labelledby": "title" },
    h("div", { class: "listing" },
      h("div", { class: "heading" }, h("h1", { id: "title" }, "Journal"), action("Clear", clear, { class: "small" })),
      h("form", { class: "filters", role: "search", submit: (event) => event.preventDefault() },
        choice(METHODS, { "aria-label": "Method", change: (event) => filter("method", event.target.value) }),
        choice(operations, { "aria-label": "Operation", change: (event) => filter("operation", event.target.value) }),
        h("input", { type: "number", class: "narrow", placeholder: "Status", "aria-label": "HTTP status", change: (event) => filter("status", event.target.value) }),
        h("input", { placeholder: "Path", "aria-label": "Path", change: (event) => filter("path", event.target.value) }),
        h("label", { class: "check" }, h("input", { type: "checkbox", change: (event) => filter("unmatched", event.target.checked ? "true" : "") }), "No route")),
      list, below),
    beside);
  fill(list, h("li", { class: "state" }, "Loading"));
  nothingOpen();

  function filter(name, value) {
    filters[name] = value.trim();
    begin();
  }

  function begin() {
    turn += 1;
    entries = [];
    ask();
  }

  async function clear() {
    if (!(await confirm("Delete every request of the journal?", "Delete"))) return;
    await app.delete(["requests"]);
    begin();
  }

  function nothingOpen() {
    fill(beside, state("Choose a request to see what came, what was answered, and to take it along as curl or as a test."));
    element.classList.remove("has-open");
  }

  const listed = (query) => app.get(["requests"], { ...filters, ...query });

  // Ask only for what is new, and where nothing is, for all that is shown: some of it may have been deleted. After a reset,
  // which counts from the beginning, everything is new. What was asked before another filter was chosen is thrown away.
  async function update(pulse) {
    const at = turn;
    const newest = entries.at(-1)?.id ?? 0;
    const behind = pulse && pulse.lastRequest < newest ? 0 : newest;
    const { requests } = behind ? await listed({ last: PAGE, after: behind }) : { requests: [] };
    if (!requests.length) await lookAgain(at, behind ? Math.max(PAGE, entries.length) : PAGE);
    else if (at === turn) add(requests);
    return requests.length > 0;
  }

  function add(requests) {
    hasOlder ||= requests.length === PAGE;
    entries = [...(requests.length === PAGE ? [] : entries), ...requests.map(brief)].slice(-MOST);
    show();
  }

  async function lookAgain(at, most) {
    const page = await listed({ last: most + 1 });
    if (at !== turn) return;
    entries = page.requests.slice(-most).map(brief);
    hasOlder = page.requests.length > most;
    dropped = page.dropped;
    show();
  }

  async function older() {
    const at = (turn += 1);
    const page = await listed({ last: PAGE, before: entries[0].id });
    if (at !== turn) return;
    turn += 1;
    entries = [...page.requests.map(brief), ...entries];
    hasOlder = page.requests.length === PAGE;
    show();
    ask();
  }

  function show() {
    keyed(list, entries.map((one) => ({ ...one, open: one.id === current?.id })).reverse(), (one) => one.id, (one) => row(app, one));
    const isFiltered = Object.values(filters).some(Boolean);
    const nothing = isFiltered ? "No request is like that." : "No request yet. Point a client at this server with this app's key, and it appears here.";
    fill(below, !entries.length && state(nothing), hasOlder && action("Show older", older), dropped > 0 && h("p", { class: "soft" }, `${dropped} older ones were let go.`));
  }

  function open(id) {
    current = null;
    if (!id) return nothingOpen();
    current = entry({ app, id: Number(id), back: () => (go("journal"), ask()) });
    fill(beside, current.element);
    element.classList.add("has-open");
    show();
  }

  return { element, update, open };
}

function brief({ id, at, durationMs, method, path, operation, status, fault, unread, findings = [] }) {
  const unknown = unread.filter((one) => one.class === "unknown").length;
  return { id, at, durationMs, method, path, operation, status, fault, unknown, findings: findings.length };
}

function row(app, one) {
  return h("li", {}, inside([app.id, "journal", one.id], { class: "row", "aria-current": one.open ? "true" : null },
    h("span", { class: "row-top" }, h("span", { class: "row-name" }, h("span", { class: "method" }, content(one.method, { most: 20 })), " ", content(one.operation ?? one.path, { most: 120 })), time(one.at)),
    h("span", { class: "row-last" }, `#${one.id} `, content(one.path, { most: 200 })),
    h("span", { class: "row-tags" }, h("span", { class: "chip", "data-http": String(one.status ?? 0)[0] }, one.status ? String(one.status) : "no answer"), h("span", { class: "soft" }, `${one.durationMs} ms`),
      one.fault && h("span", { class: "chip", "data-warn": true }, `fault ${one.fault}`),
      one.unknown > 0 && h("span", { class: "chip", "data-warn": true }, `${one.unknown} unknown`),
      one.findings > 0 && h("span", { class: "chip", "data-warn": true }, `${one.findings} findings`))));
}
