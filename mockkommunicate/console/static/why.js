// Why a conversation has the assignee that it has, in words and as a table of who was considered.

import { h, inside } from "./dom.js";
import { content } from "./content.js";

const OUTCOMES = {
  named: (name) => ["The client named ", name, " with SKIP_ROUTING: no rule was asked."],
  skipped: () => ["The client sent SKIP_ROUTING and named nobody: no rule was asked, and nobody has it."],
  named_is_full: () => ["The client named an agent with SKIP_ROUTING who is at the handling limit, so nobody has it."],
  bot: (name) => ["The setting assignNewConversationsTo names the bot ", name, ", who goes before any rule."],
  round_robin: (name) => ["Round robin: it was the turn of ", name, ", the first of the rotation who was online and had room."],
  default_agent: (name) => ["The default agent ", name, " gets it, for the rules found nobody else."],
  nobody: () => ["The rules found nobody, and there is no default agent."],
  queued: () => ["Nobody had room: it waits in the queue."],
  changed: (name) => ["Somebody changed the assignee to ", name, "."],
  handed_over: (name) => ["A bot handed it over to ", name, "."],
};

const RESULTS = {
  taken: "taken",
  away: "skipped: away",
  offline: "skipped: offline",
  full: "skipped: at the handling limit",
};

export function why(conversation, staff) {
  const { outcome, assignee, considered = [], handoff, ...others } = conversation.routing ?? {};
  const name = (id) => content(staff.find((user) => user.userId === id)?.displayName ?? id ?? "nobody", { most: 100 });
  const sentence = OUTCOMES[outcome]?.(name(assignee)) ?? [`Outcome: ${outcome}`];
  return h("div", { class: "why" }, h("p", {}, sentence), considered.length > 0 && table(considered, name), handoff && handedOff(handoff, name),
    others.team && h("p", {}, "By the rules of the team ", content(others.team, { most: 100 }), "."), others.waited && h("p", {}, "It had waited in the queue."));
}

function table(considered, name) {
  const rows = considered.map(({ userId, result }, index) => h("tr", { "data-result": result },
    h("td", {}, String(index + 1)), h("td", {}, name(userId)), h("td", {}, RESULTS[result] ?? content(result))));
  return h("table", {}, h("caption", {}, "Considered, in the order of the rotation"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Turn"), h("th", { scope: "col" }, "Who"), h("th", { scope: "col" }, "Result"))), h("tbody", {}, rows));
}

function handedOff(handoff, name) {
  return h("p", {}, "Last hand-off: by ", name(handoff.by), " to ", handoff.to ? name(handoff.to) : "the rules", ", ", content(String(handoff.result).replaceAll("_", " ")), ".");
}

// A link to a conversation, for other panels.
export function toConversation(app, id) {
  return inside([app.id, "conversations", id], {}, `Conversation ${id}`);
}
