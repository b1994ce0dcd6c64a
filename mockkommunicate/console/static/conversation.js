// One conversation: its messages, who has it and why, and what can be done with it.

import { fill, h, keyed } from "./dom.js";
import { content, json } from "./content.js";
import { action, choice, complain, setOptions, state } from "./parts.js";
import { OPEN, STATUSES, status, time, who } from "./words.js";
import { composers } from "./compose.js";
import { drawn } from "./message.js";
import { why } from "./why.js";

const PAGE = 50;

export function opened({ app, id, ask, back }) {
  const at = ["conversations", id];
  let most = PAGE;
  let known = null;
  const log = h("ol", { class: "messages", "aria-label": "Messages", "aria-live": "polite", "aria-relevant": "additions", tabindex: "0" });
  const older = h("div", { class: "below" });
  const title = h("h2", {});
  const facts = h("div", { class: "facts" });
  const assignee = choice([], { "aria-label": "Assignee", change: (event) => act(() => app.post([...at, "assignee"], { from: actor(), assignee: event.target.value })) });
  const chip = h("span", {});
  const buttons = h("div", { class: "actions" });
  const writing = composers({ app, id, ask });
  const element = h("article", { class: "conversation", "aria-label": "Conversation" },
    h("header", { class: "conversation-head" },
      h("button", { type: "button", class: "small back", click: back }, "Back"), title, chip,
      h("label", { class: "inline" }, "Assignee ", assignee), buttons),
    h("div", { class: "conversation-body" },
      h("div", { class: "thread" }, older, log, writing.element),
      h("aside", { class: "details", "aria-label": "Details" }, facts)));
  fill(log, h("li", { class: "state" }, "Loading"));

  const actor = () => writing.agent() || known?.conversation.assignee || known?.conversation.adminId;

  async function act(run) {
    try {
      const answer = await run();
      if (answer?.result && answer.result !== "updated") complain({ message: answer.result === "AGENT_IS_ALREADY_ENGAGED" ? "The agent is at the handling limit: nothing changed." : answer.result });
    } catch (error) {
      complain(error);
    }
    ask();
  }

  async function update() {
    try {
      const [conversation, page, staff] = await Promise.all([app.get(at), app.get([...at, "messages"], { last: most }), app.staff()]);
      known = { conversation, staff };
      show(conversation, page, staff);
    } catch (error) {
      if (error.status !== 404) throw error;
      fill(element, h("button", { type: "button", class: "small back", click: back }, "Back"), state(`There is no conversation ${id} in this app.`));
    }
  }

  function show(conversation, page, staff) {
    fill(title, content(conversation.name, { most: 200 }));
    fill(chip, status(conversation.status));
    const isKnown = staff.some((user) => user.userId === conversation.assignee);
    const others = isKnown ? [] : [[conversation.assignee ?? "", conversation.assignee ?? "Nobody"]];
    if (document.activeElement !== assignee) setOptions(assignee, [...others, ...staff.map((user) => [user.userId, who(user)])], conversation.assignee ?? "");
    writing.people(conversation, staff);
    showButtons(conversation, staff);
    showMessages(conversation, page);
    showFacts(conversation, staff);
  }

  function showButtons(conversation, staff) {
    const bot = staff.find((user) => user.userId === conversation.assignee && user.role === "bot");
    const isOpen = OPEN.has(conversation.status);
    const wanted = [
      bot && ["Take over from bot", () => ({ path: "assignee", body: { assignee: actor(), takeOverFromBot: true } })],
      isOpen ? ["Resolve", () => ({ path: "status", body: { status: 2 } })] : ["Reopen", () => ({ path: "status", body: { status: 0 } })],
      conversation.status !== 3 && ["Spam", () => ({ path: "status", body: { status: 3 } })],
      conversation.assignee && ["Mark read", () => ({ path: "read", body: { from: conversation.assignee } })],
    ].filter(Boolean);
    const signature = wanted.map(([label]) => label).join();
    if (buttons.dataset.signature === signature) return;
    buttons.dataset.signature = signature;
    fill(buttons, wanted.map(([label, make]) => action(label, () => {
      const { path, body } = make();
      return act(() => app.post([...at, path], { from: actor(), ...body }));
    }, { class: "small" })), statusChoice());
  }

  function statusChoice() {
    const select = choice([["", "Status …"], ...STATUSES], { "aria-label": "Set the status" });
    select.addEventListener("change", () => {
      const wanted = Number(select.value);
      select.value = "";
      act(() => app.post([...at, "status"], { from: actor(), status: wanted }));
    });
    return select;
  }

  function showMessages(conversation, page) {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40 || log.firstElementChild?.classList.contains("state");
    const roles = new Map(conversation.users.map((user) => [user.userId, user]));
    const messages = page.messages.map((message) => ({ ...message, sender: sender(roles.get(message.from), message.from) }));
    const draw = (message) => drawn(message, { app, say: (text, metadata) => act(() => writing.asCustomer(text, metadata)) });
    if (messages.length) keyed(log, messages, (message) => message.key, draw);
    else fill(log, h("li", { class: "state" }, "No message yet. Write the first one below."));
    const more = () => ((most = Math.min(most + 200, 10000)), ask());
    fill(older, page.previous && h("button", { type: "button", class: "small", click: more }, `Show older (${page.previous - 1})`));
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  function showFacts(conversation, staff) {
    const signature = JSON.stringify([conversation, staff]);
    if (facts.dataset.signature === signature) return;
    facts.dataset.signature = signature;
    const others = Object.entries(conversation.metadata);
    fill(facts,
      h("section", {}, h("h3", {}, "Why this assignee"), why(conversation, staff)),
      h("section", {}, h("h3", {}, "Members"), h("ul", { class: "plain" }, conversation.users.map((user) => member(user, conversation)))),
      h("section", {}, h("h3", {}, "Conversation"), h("dl", { class: "pairs" },
        pair("Id", String(conversation.id)), pair("clientGroupId", content(conversation.clientGroupId)),
        pair("Created", time(conversation.createdAtTime)), conversation.queuePosition && pair("Place in the queue", String(conversation.queuePosition)))),
      others.length > 0 && h("details", {}, h("summary", {}, `Metadata (${others.length})`), json(conversation.metadata)));
  }

  return { element, id, update, close: () => writing.close() };
}

function sender(user, id) {
  const role = { 1: "bot", 3: "customer", 8: "agent" }[user?.roleType];
  return { id, name: user?.displayName, role: role ?? (user ? "customer" : "unknown") };
}

function member(user, conversation) {
  const unread = conversation.groupUsers.find((one) => one.userId === user.userId)?.unreadCount ?? 0;
  const left = conversation.removedMembersId.includes(user.userId);
  return h("li", {}, content(user.displayName ?? user.userId, { most: 100 }), " ", user.displayName && h("span", { class: "soft" }, content(user.userId, { most: 100 })),
    left && h("span", { class: "soft" }, " has left"), unread > 0 && h("span", { class: "soft" }, ` ${unread} unread`));
}

function pair(name, value) {
  return [h("dt", {}, name), h("dd", {}, value)];
}
