// Writing: as the customer on one side, as an agent or a bot on the other; and a new conversation.

import { fill, h } from "./dom.js";
import { plain } from "./content.js";
import { ask as question, choice, complain, doing, field, fromJson, notice, setOptions } from "./parts.js";
import { bytes, who } from "./words.js";

// The two composers of a conversation.
export function composers({ app, id, ask }) {
  const path = ["conversations", id, "messages"];
  const send = (from, draft) => app.post(path, { from, ...draft });
  const customer = composer("customer", "Write as the customer", { app, send, ask });
  const agent = composer("agent", "Write as an agent or a bot", { app, send, ask });
  const element = h("div", { class: "composers" }, customer.element, agent.element);

  function people(conversation, staff) {
    const working = new Set(staff.map((user) => user.userId));
    const customers = conversation.users.filter((user) => !working.has(user.userId) && user.roleType === 3);
    customer.offer(customers.map((user) => [user.userId, who(user)]));
    const first = staff.filter((user) => user.userId === conversation.assignee);
    const rest = staff.filter((user) => user.userId !== conversation.assignee);
    agent.offer([...first, ...rest].map((user) => [user.userId, `${who(user)}${user.role === "bot" ? " · bot" : ""}`]));
  }

  return {
    element,
    people,
    agent: () => agent.who(),
    asCustomer: (text, metadata) => send(customer.who(), { message: text, ...(metadata ? { metadata } : {}) }),
    close: () => {},
  };
}

function composer(side, label, { app, send, ask }) {
  const from = choice([], { "aria-label": `${label}: who` });
  const text = h("textarea", { rows: "2", "aria-label": label, placeholder: label, keydown: onKey });
  const metadata = h("textarea", { rows: "3", spellcheck: "false", placeholder: '{"contentType": "300", "templateId": "6", "payload": [{"title": "Yes", "message": "Yes"}]}' });
  const file = h("input", { type: "file", class: "unseen", tabindex: "-1", "aria-label": `Attach a file as the ${side}`, change: attach });
  const button = h("button", { type: "submit", class: "primary" }, "Send");
  const attaching = h("button", { type: "button", class: "small", click: () => file.click() }, "Attach");
  const more = h("details", {}, h("summary", {}, "Metadata"), field("Metadata, as JSON", metadata, "Objects and arrays in it are sent as strings, as the API wants them."));
  const element = h("form", { class: "composer", "data-side": side, submit: onSubmit },
    from, text, h("p", { class: "actions" }, button, attaching, file), more);

  function onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) (event.preventDefault(), element.requestSubmit());
  }

  function onSubmit(event) {
    event.preventDefault();
    if (!text.value && !metadata.value.trim()) return void text.focus();
    doing(button, async () => {
      await send(from.value, { message: text.value, ...given(metadata.value) });
      text.value = "";
      ask();
    }).then(() => text.focus());
  }

  async function attach() {
    const [chosen] = file.files;
    if (!chosen) return;
    await doing(button, async () => {
      const kept = await upload(app, chosen);
      await send(from.value, { message: text.value, contentType: 1, fileMeta: kept });
      text.value = "";
      notice(`${chosen.name} attached (${bytes(chosen.size)})`);
      ask();
    });
    file.value = "";
  }

  // Whoever may write; until that is known, and where it is nobody, nothing can be written.
  function offer(options) {
    setOptions(from, options);
    for (const control of [from, text, button, attaching, file]) control.disabled = !options.length;
    text.placeholder = options.length ? label : `Nobody to write as: this conversation has no ${side}`;
  }

  offer([]);
  return { element, offer, who: () => from.value };
}

// Read metadata as it is typed; what is no text in it becomes one, as a client must write it.
function given(typed) {
  if (!typed.trim()) return {};
  const texts = Object.entries(fromJson(typed, "The metadata")).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  return { metadata: Object.fromEntries(texts) };
}

// Put a file in; answer the fileMeta that tells of it.
async function upload(app, chosen) {
  const type = chosen.type || "application/octet-stream";
  const query = { name: chosen.name };
  const { call } = await import("./api.js");
  const kept = await call("POST", app.path("files"), { query, body: new Blob([chosen], { type }) });
  return { blobKey: kept.blobKey, name: kept.name, contentType: kept.contentType, size: kept.size };
}

// Ask for a new conversation and create it, as a client of the emulated API does.
export async function newConversation(app) {
  const name = h("input", { value: "A question", required: true });
  const customer = h("input", { value: "customer-1", required: true });
  const text = h("textarea", { rows: "2" });
  text.value = "Hello, can somebody help me?";
  const answers = await question("New conversation", [
    { name: "name", label: "Name", control: name },
    { name: "customer", label: "Customer", control: customer, hint: "An id that nobody has becomes a customer." },
    { name: "text", label: "First message", control: text },
  ], "Create");
  return answers && create(app, answers).catch(complain);
}

async function create(app, { name, customer, text }) {
  const { apiKey } = await app.get([]);
  const response = await fetch(new URL("../rest/ws/group/conversation", document.baseURI), {
    method: "POST",
    headers: { "Api-Key": apiKey, "Content-Type": "application/json" },
    body: JSON.stringify({ groupName: name, groupMemberList: [customer] }),
  });
  const answer = await response.json();
  const made = answer.response;
  if (!made) throw new Error(answer.errorResponse?.[0]?.description ?? answer.message ?? "The conversation was refused.");
  if (text) await app.post(["conversations", made.id, "messages"], { from: customer, message: text });
  return made;
}
