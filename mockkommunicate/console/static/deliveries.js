// Deliveries: the calls to the webhook and to bots, with their attempts; sent again, settled.

import { fill, h, inside, keyed } from "./dom.js";
import { content, json } from "./content.js";
import { action, choice, confirm, notice, state, walk } from "./parts.js";
import { pairs } from "./entry.js";
import { time, wholeTime } from "./words.js";
import { toConversation } from "./why.js";

const STATES = ["", "pending", "sent", "failed", "dead", "refused"].map((one) => [one, one || "Any state"]);
const KINDS = ["", "webhook", "bot"].map((one) => [one, one || "Any kind"]);

export function deliveries({ app, ask, go }) {
  const filters = { state: "", kind: "" };
  let most = 100;
  let wanted = null;
  const list = walk(h("ul", { class: "rows", "aria-label": "Deliveries" }));
  const below = h("div", { class: "below" });
  const beside = h("div", { class: "beside" });
  const element = h("section", { class: "split deliveries", "aria-labelledby": "title" },
    h("div", { class: "listing" },
      h("div", { class: "heading" }, h("h1", { id: "title" }, "Deliveries"), action("Settle", settle, { class: "small" }), action("Clear", clear, { class: "small" })),
      h("form", { class: "filters", submit: (event) => event.preventDefault() },
        choice(STATES, { "aria-label": "State", change: (event) => ((filters.state = event.target.value), ask()) }),
        choice(KINDS, { "aria-label": "Kind", change: (event) => ((filters.kind = event.target.value), ask()) })),
      list, below),
    beside);
  fill(list, h("li", { class: "state" }, "Loading"));
  nothingOpen();

  function nothingOpen() {
    fill(beside, state("Choose a delivery to see its payload and what became of each attempt."));
    element.classList.remove("has-open");
  }

  async function settle() {
    const answer = await app.post(["settle"], { timeoutMs: 10000 });
    notice(answer.settled ? "Settled: nothing is owed." : `${answer.pending} are still owed.`, answer.settled ? "done" : "error");
    ask();
  }

  async function clear() {
    if (!(await confirm("Delete every delivery that is no longer pending?", "Delete"))) return;
    await app.delete(["deliveries"]);
    ask();
  }

  async function update() {
    const page = await app.get(["deliveries"], { ...filters, last: most });
    const rows = page.deliveries.map(brief).map((one) => ({ ...one, open: one.id === wanted })).reverse();
    keyed(list, rows, (one) => one.id, (one) => row(app, one));
    const nothing = "Nothing was owed to anybody yet. A webhook in the settings, or a bot with one, makes deliveries.";
    const more = () => ((most = Math.min(most + 500, 10000)), ask());
    fill(below, !rows.length && state(filters.state || filters.kind ? "No delivery is like that." : nothing), page.deliveries.length === most && h("button", { type: "button", click: more }, "Show older"));
    if (wanted) await showOpen();
  }

  async function showOpen() {
    const id = wanted;
    try {
      const delivery = await app.get(["deliveries", id]);
      const signature = JSON.stringify(delivery);
      if (id !== wanted || beside.dataset.signature === signature) return;
      beside.dataset.signature = signature;
      fill(beside, whole(delivery));
    } catch (error) {
      fill(beside, h("button", { type: "button", class: "small back", click: () => go("deliveries") }, "Back"), state(error.message));
    }
  }

  function open(id) {
    wanted = id ? Number(id) : null;
    delete beside.dataset.signature;
    if (!wanted) return nothingOpen();
    fill(beside, state("Loading"));
    element.classList.add("has-open");
    ask();
  }

  function whole(delivery) {
    const again = action("Redeliver", async () => (await app.post(["deliveries", delivery.id, "redeliver"]), ask()), { class: "small" });
    const remove = action("Delete", async () => (await app.delete(["deliveries", delivery.id]), go("deliveries")), { class: "small" });
    return h("article", { class: "entry", "aria-label": `Delivery ${delivery.id}` },
      h("header", { class: "conversation-head" }, h("button", { type: "button", class: "small back", click: () => go("deliveries") }, "Back"),
        h("h2", {}, `${delivery.kind === "bot" ? "Bot" : "Webhook"} delivery ${delivery.id}`), h("span", { class: "chip", "data-state": delivery.state }, delivery.state),
        h("div", { class: "actions" }, delivery.state !== "pending" && [again, remove])),
      h("p", {}, content(delivery.url)), h("p", { class: "soft" }, toConversation(app, delivery.conversation), ` · ${wholeTime(delivery.createdAt)}`, delivery.dueAt ? ` · due ${wholeTime(delivery.dueAt)}` : "", delivery.fault ? ` · fault ${delivery.fault}` : ""),
      delivery.headers.traceparent && h("p", { class: "soft" }, "trace ", h("code", {}, content(delivery.headers.traceparent, { most: 200 }))),
      h("section", {}, h("h3", {}, `Attempts (${delivery.attempts.length})`), attempts(delivery.attempts)),
      h("section", {}, h("h3", {}, "Payload"), h("details", {}, h("summary", {}, "Headers"), pairs(delivery.headers)), json(delivery.payload)));
  }

  return { element, update, open };
}

function brief({ id, kind, state: now, bot, url, conversation, createdAt, attempts: tried }) {
  return { id, kind, state: now, bot, url, conversation, createdAt, tried: tried.length };
}

function row(app, one) {
  return h("li", {}, inside([app.id, "deliveries", one.id], { class: "row", "aria-current": one.open ? "true" : null },
    h("span", { class: "row-top" }, h("span", { class: "row-name" }, `#${one.id} ${one.kind} `, one.bot && content(one.bot, { most: 60 })), time(one.createdAt)),
    h("span", { class: "row-last" }, content(one.url, { most: 200 })),
    h("span", { class: "row-tags" }, h("span", { class: "chip", "data-state": one.state }, one.state), h("span", { class: "soft" }, `${one.tried} ${one.tried === 1 ? "attempt" : "attempts"} · conversation ${one.conversation}`))));
}

function attempts(all) {
  if (!all.length) return h("p", { class: "soft" }, "Not tried yet.");
  return h("ol", { class: "plain" }, all.map((one) => h("li", {},
    h("p", {}, time(one.at), ` · ${one.durationMs} ms · `, one.status ? h("span", { class: "chip", "data-http": String(one.status)[0] }, String(one.status)) : "", one.error && [" ", content(one.error)], one.truncated && " (answer cut)"),
    one.answer !== undefined ? json(one.answer) : one.answerText && h("pre", { tabindex: "0" }, content(one.answerText)))));
}
