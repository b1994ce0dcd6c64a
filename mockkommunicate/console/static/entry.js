// One request of the journal: what came, what nobody read, what was answered, and the documented example beside it.

import { fill, h } from "./dom.js";
import { content, json } from "./content.js";
import { action, confirm, copy, state } from "./parts.js";
import { findings } from "./message.js";
import { wholeTime } from "./words.js";

export function entry({ app, id, back }) {
  const at = ["requests", id];
  const element = h("article", { class: "entry", "aria-label": `Request ${id}` }, state("Loading"));
  load();

  async function load() {
    try {
      const [request, { example }] = await Promise.all([app.get(at), app.get([...at, "example"])]);
      fill(element, head(request), ...sections(request), example && documented(example));
    } catch (error) {
      fill(element, h("button", { type: "button", class: "small back", click: back }, "Back"), state(error.message));
    }
  }

  function head(request) {
    return h("header", { class: "conversation-head" },
      h("button", { type: "button", class: "small back", click: back }, "Back"),
      h("h2", {}, h("span", { class: "method" }, content(request.method, { most: 20 })), " ", content(request.path, { most: 300 })),
      h("p", { class: "soft" }, `#${request.id} · ${wholeTime(request.at)} · ${request.durationMs} ms · `, request.operation ?? "no operation", request.fault ? ` · fault ${request.fault}` : ""),
      request.requestId && h("p", { class: "soft" }, "request id ", h("code", {}, content(request.requestId, { most: 130 }))),
      request.traceparent && h("p", { class: "soft" }, "trace ", h("code", {}, content(request.traceparent, { most: 200 }))),
      h("div", { class: "actions" },
        action("Copy as curl", async () => copy((await app.get([...at, "curl"])).curl, "curl command"), { class: "small" }),
        action("Copy as pytest", async () => copy((await app.get([...at, "pytest"])).pytest, "test"), { class: "small" }),
        action("Delete", async () => (await confirm(`Delete the request ${id} from the journal?`, "Delete")) && (await app.delete(at), back()), { class: "small" })));
  }

  return { element, id };
}

function sections(request) {
  const query = Object.keys(request.query ?? {});
  return [
    request.unread.length > 0 && h("section", {}, h("h3", {}, "Sent, and read by nobody"), unread(request.unread)),
    request.findings && h("section", {}, h("h3", {}, "Findings in the rich message"), findings(request.findings)),
    h("section", {}, h("h3", {}, "Request"), query.length > 0 && [h("h4", {}, "Query"), pairs(request.query)],
      h("details", {}, h("summary", {}, "Headers"), pairs(request.headers)),
      request.body !== undefined ? json(request.body) : request.bodyText !== undefined ? h("pre", { tabindex: "0" }, content(request.bodyText)) : h("p", { class: "soft" }, "No body")),
    h("section", {}, h("h3", {}, "Answer"), h("p", {}, h("span", { class: "chip", "data-http": String(request.status ?? 0)[0] }, request.status ? String(request.status) : "no answer")),
      request.answer !== undefined ? json(request.answer) : request.answerText !== undefined && h("pre", { tabindex: "0" }, content(request.answerText))),
  ];
}

function unread(all) {
  return h("ul", { class: "findings" }, all.map((one) => h("li", { "data-severity": one.class === "unknown" ? "error" : "warning" },
    h("strong", {}, one.class), ` ${one.where} `, h("code", {}, content(one.name, { most: 200 })), one.nearest && [" did you mean ", h("code", {}, content(one.nearest)), "?"])));
}

// Names and values, as somebody wrote them.
export function pairs(values) {
  return h("dl", { class: "pairs" }, Object.entries(values).map(([name, value]) => [h("dt", {}, content(name, { most: 200 })), h("dd", {}, content(typeof value === "string" ? value : JSON.stringify(value)))]));
}

function documented(example) {
  return h("section", {}, h("h3", {}, "The example that is nearest to it"),
    h("p", {}, content(example.name), " ", h("span", { class: "chip" }, example.evidence)), h("p", { class: "soft" }, content(example.source)),
    h("details", {}, h("summary", {}, "Request and answer"), json({ request: example.request, answer: example.answer })));
}
