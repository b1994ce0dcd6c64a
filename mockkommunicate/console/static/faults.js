// Faults: which requests fail, and how; added by JSON, from examples to begin with.

import { fill, h, keyed } from "./dom.js";
import { json } from "./content.js";
import { action, choice, confirm, field, fromJson, notice, state } from "./parts.js";

const EXAMPLES = {
  "Too many requests, twice": { match: { operation: "message.send" }, when: { times: 2 }, do: { gateway: 429 } },
  "The gateway is down": { match: { method: "POST" }, do: { gateway: 503 } },
  "The agent is engaged": { match: { operation: "conversation.assignee" }, when: { times: 1 }, do: { documented: "AGENT_IS_ALREADY_ENGAGED" } },
  "Slow answers": { match: { operation: "message.send" }, do: { latencyMs: { fixed: 2000 } } },
  "The connection is reset afterwards": { match: { operation: "conversation.create" }, phase: "after", when: { times: 1 }, do: { socket: "reset" } },
  "An answer of your own": { match: { operation: "user.detail" }, do: { status: 500, body: { message: "An unexpected error occurred" } } },
  "One in ten fails": { match: { method: "POST" }, when: { probability: 0.1 }, do: { gateway: 500 } },
};

export function faults({ app, ask }) {
  const list = h("ul", { class: "cards-list" });
  const below = h("div", {});
  const area = h("textarea", { rows: "12", spellcheck: "false" });
  const names = Object.keys(EXAMPLES);
  const show = (name) => (area.value = JSON.stringify(EXAMPLES[name], null, 2));
  show(names[0]);
  const element = h("section", { class: "page faults", "aria-labelledby": "title" },
    h("div", { class: "heading" }, h("h1", { id: "title" }, "Faults"), action("Delete all", removeAll, { class: "small" })),
    h("p", { class: "soft" }, "Rules of this app that make answers fail: which requests, when, and how. They hold from the next request on."),
    list, below,
    h("section", {}, h("h2", {}, "Add a fault"),
      field("Begin with", choice(names.map((one) => [one, one]), { change: (event) => show(event.target.value) })),
      field("The rule, as JSON", area), h("p", { class: "actions" }, action("Add the fault", add, { class: "primary" }))));

  async function update() {
    const { faults: all } = await app.get(["faults"]);
    keyed(list, all, (one) => one.id, one);
    fill(below, !all.length && state("Nothing fails at present."));
  }

  function one(fault) {
    const { id, hits, seen, ...rule } = fault;
    return h("li", {}, h("p", { class: "heading" }, h("strong", {}, `Fault ${id}`), h("span", { class: "soft" }, `struck ${hits} of ${seen} matching requests`),
      action("Delete", async () => (await app.delete(["faults", id]), ask()), { class: "small", "aria-label": `Delete the fault ${id}` })), json(rule));
  }

  async function add() {
    const made = await app.post(["faults"], fromJson(area.value, "The rule"));
    notice(`Fault ${made.id} holds from now on.`);
    ask();
  }

  async function removeAll() {
    if (await confirm("Delete every fault?", "Delete")) await app.delete(["faults"]);
    ask();
  }

  return { element, update };
}
