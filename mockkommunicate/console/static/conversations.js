// Conversations: the list with its search and filters, and one of them beside it.

import { fill, h, inside, keyed } from "./dom.js";
import { content } from "./content.js";
import { choice, setOptions, state, walk } from "./parts.js";
import { STATUSES, status, time, who } from "./words.js";
import { opened } from "./conversation.js";

const PAGE = 50;
const ANYBODY = [["", "Anybody"], ["unassigned", "Nobody"]];

export function conversations({ app, ask, go }) {
  const filters = { search: "", status: "", assignee: "", unread: "" };
  let most = PAGE;
  let current = null;
  const list = walk(h("ul", { class: "rows", "aria-label": "Conversations" }));
  const below = h("div", { class: "below" });
  const assignee = choice(ANYBODY, { "aria-label": "Assignee", change: (event) => filter("assignee", event.target.value) });
  const beside = h("div", { class: "beside" });
  const element = h("section", { class: "split conversations", "aria-labelledby": "title" },
    h("div", { class: "listing" },
      h("div", { class: "heading" }, h("h1", { id: "title" }, "Conversations"), h("button", { type: "button", class: "small", click: create }, "New")),
      h("form", { class: "filters", role: "search", submit: (event) => event.preventDefault() },
        h("input", { type: "search", placeholder: "Search names, ids, people", "aria-label": "Search conversations", input: (event) => filter("search", event.target.value) }),
        choice([["", "Any status"], ...STATUSES], { "aria-label": "Status", change: (event) => filter("status", event.target.value) }),
        assignee,
        h("label", { class: "check" }, h("input", { type: "checkbox", change: (event) => filter("unread", event.target.checked ? "true" : "") }), "Unread")),
      list, below),
    beside);
  fill(list, h("li", { class: "state" }, "Loading"));
  nothingOpen();

  function filter(name, value) {
    filters[name] = value.trim();
    most = PAGE;
    ask();
  }

  function nothingOpen() {
    fill(beside, state("Choose a conversation, or write one: it is routed as a client's would be."));
    element.classList.remove("has-open");
  }

  async function update() {
    const query = { ...filters, limit: most };
    if (filters.assignee === "unassigned") Object.assign(query, { assignee: "", unassigned: "true" });
    const [page, staff] = await Promise.all([app.get(["inbox"], query), app.staff(), current?.update()]);
    setOptions(assignee, [...ANYBODY, ...staff.map((user) => [user.userId, who(user)])], filters.assignee);
    const named = new Map(staff.map((user) => [user.userId, user.displayName]));
    show(page, named);
  }

  function show(page, named) {
    const rows = page.conversations.map((one) => ({ ...one, open: one.id === current?.id, named: named.get(one.assignee) }));
    keyed(list, rows, (one) => one.id, (one) => row(app, one));
    const isFiltered = Object.values(filters).some(Boolean);
    const nothing = isFiltered ? "No conversation is like that." : "There is no conversation yet. One appears here as soon as a client, or you, writes it.";
    fill(below, !rows.length && state(nothing), page.next && h("button", { type: "button", click: () => ((most = Math.min(most + PAGE * (most > PAGE ? 5 : 1), 1000)), ask()) }, "Show more"));
  }

  // Show the conversation that the address names.
  function open(id) {
    current?.close();
    current = null;
    if (!id) return nothingOpen();
    current = opened({ app, id: Number(id), ask, back: () => go("conversations") });
    fill(beside, current.element);
    element.classList.add("has-open");
    ask();
  }

  async function create() {
    const { newConversation } = await import("./compose.js");
    const made = await newConversation(app);
    if (made) go("conversations", made.id);
  }

  return { element, update, open, close: () => current?.close() };
}

function row(app, one) {
  const last = one.lastMessage;
  return h("li", {}, inside([app.id, "conversations", one.id], { class: "row", "aria-current": one.open ? "true" : null },
    h("span", { class: "row-top" }, h("span", { class: "row-name" }, content(one.name, { most: 120 })), time(last?.createdAtTime ?? one.createdAtTime)),
    h("span", { class: "row-last" }, last ? [content(last.from, { most: 40 }), ": ", last.message ? content(last.message) : "(no text)"] : "No message yet"),
    h("span", { class: "row-tags" }, status(one.status),
      h("span", { class: "assignee" }, one.assignee ? content(one.named ?? one.assignee, { most: 60 }) : "Nobody"),
      one.unread > 0 && h("span", { class: "unread" }, String(one.unread), h("span", { class: "unseen" }, " unread")))));
}
