// People: agents with what they have to do and whose turn it is, bots, customers; any of it changed.

import { fill, h, keyed } from "./dom.js";
import { content, plain } from "./content.js";
import { action, ask as question, choice, complain, confirm, fromJson, state } from "./parts.js";
import { wholeTime } from "./words.js";

const PAGE = 100;
const AVAILABILITIES = ["online", "away", "offline"].map((one) => [one, one]);
const ROLES = ["agent", "admin", "bot", "customer"].map((one) => [one, one]);

export function people({ app, ask }) {
  let most = PAGE;
  const turn = h("p", { class: "turn" });
  const waiting = h("p", { class: "turn" });
  const agents = h("tbody", {});
  const bots = h("tbody", {});
  const customers = h("tbody", {});
  const below = h("div", { class: "below" });
  const element = h("section", { class: "page people", "aria-labelledby": "title" },
    h("div", { class: "heading" }, h("h1", { id: "title" }, "People"), h("button", { type: "button", class: "small", click: add }, "Add")),
    h("h2", {}, "Agents"), turn, waiting, table(["Turn", "Agent", "Availability", "Open conversations", "Limit", ""], agents),
    h("h2", {}, "Bots"), table(["Bot", "Answers by", ""], bots),
    h("h2", {}, "Customers"), table(["Customer", "Contact", "Last seen", ""], customers), below);

  async function update() {
    const [working, botPage, customerPage, settings, queue] = await Promise.all([
      app.get(["agents"]), app.get(["users"], { role: "bot" }), app.get(["users"], { role: "customer", limit: most }), app.get(["settings"]), app.get(["queue"]).catch(() => ({ waiting: [] })),
    ]);
    showTurn(working, settings);
    fill(waiting, queue.waiting.length > 0 && `${queue.waiting.length} waiting in the queue`);
    const places = new Map(working.rotation.map((id, index) => [id, index + 1]));
    keyed(agents, working.agents.map((agent) => ({ ...agent, turn: places.get(agent.userId) })), (agent) => agent.userId, agentRow);
    keyed(bots, botPage.users, (bot) => bot.userId, botRow);
    keyed(customers, customerPage.users, (user) => user.userId, customerRow);
    const more = () => ((most += 500), ask());
    fill(below, !customerPage.users.length && state("There is no customer yet."), customerPage.next && h("button", { type: "button", click: more }, "Show more"));
  }

  function showTurn({ agents: all, rotation }, settings) {
    const by = new Map(all.map((agent) => [agent.userId, agent]));
    const next = rotation.map((id) => by.get(id)).find((agent) => agent && !agent.skipped);
    const { rule, assignNewConversationsTo: bot, defaultAgent } = settings.routing;
    const name = (user) => content(user?.displayName ?? user?.userId, { most: 100 });
    if (bot) fill(turn, "The bot ", content(bot), " gets every new conversation", next && [". Next turn when it hands over: ", h("strong", {}, name(next))], ".");
    else if (rule === "notify_everybody") fill(turn, "Everybody is notified; the default agent ", content(defaultAgent ?? "(nobody)"), " gets new conversations.");
    else if (next) fill(turn, "Next turn: ", h("strong", {}, name(next)));
    else fill(turn, "Nobody can take the next conversation; the default agent ", content(defaultAgent ?? "(nobody)"), " gets it.");
  }

  async function change(user, changes) {
    try {
      await app.patch(["users", user.userId], changes);
    } catch (error) {
      complain(error);
    }
    app.known = null;
    ask();
  }

  function agentRow(agent) {
    const limit = h("input", { type: "number", min: "0", class: "narrow", "aria-label": `Handling limit of ${plain(agent.userId)}`, placeholder: agent.limit === undefined ? "none" : String(agent.limit), value: agent.handlingLimit ?? "" });
    limit.addEventListener("change", () => change(agent, { handlingLimit: limit.value === "" ? null : Number(limit.value) }));
    return h("tr", { "data-skipped": agent.skipped ?? null },
      h("td", {}, String(agent.turn ?? "")), person(agent, agent.role === "admin" ? "admin" : null),
      h("td", {}, choice(AVAILABILITIES, { value: agent.availability, "aria-label": `Availability of ${plain(agent.userId)}`, change: (event) => change(agent, { availability: event.target.value }) })),
      h("td", { class: "load" }, load(agent)), h("td", {}, limit), h("td", { class: "actions" }, edit(agent), remove(agent)));
  }

  function botRow(bot) {
    const way = bot.webhook ? ["webhook ", content(bot.webhook.url)] : bot.builtIn ? `built in: ${bot.builtIn.kind}` : "says nothing by itself";
    return h("tr", {}, person(bot), h("td", {}, way), h("td", { class: "actions" }, edit(bot), remove(bot)));
  }

  function customerRow(user) {
    const contact = [user.email, user.phoneNumber].filter(Boolean).join(" · ");
    return h("tr", {}, person(user), h("td", {}, content(contact)), h("td", {}, user.lastSeenAtTime ? wholeTime(user.lastSeenAtTime) : ""), h("td", { class: "actions" }, edit(user), remove(user)));
  }

  function remove(user) {
    return action("Delete", async () => {
      if (!(await confirm(`Delete ${plain(user.userId)}?`, "Delete"))) return;
      await app.delete(["users", user.userId]);
      app.known = null;
      ask();
    }, { class: "small", "aria-label": `Delete ${plain(user.userId)}` });
  }

  function edit(user) {
    return action("Edit", async () => {
      const whole = await app.get(["users", user.userId]);
      const shown = Object.fromEntries(["role", "displayName", "availability", "handlingLimit", "email", "phoneNumber", "imageLink", "statusMessage", "deactivated", "metadata"].map((name) => [name, whole[name] ?? (name === "metadata" ? {} : null)]));
      if (whole.role === "bot") Object.assign(shown, { webhook: whole.webhook ? { ...whole.webhook, headers: undefined } : null, builtIn: whole.builtIn ?? null });
      const area = h("textarea", { rows: "14", spellcheck: "false" });
      area.value = JSON.stringify(shown, null, 2);
      const answer = await question(`Change ${plain(user.userId)}`, [{ name: "json", label: "As JSON", control: area, check: (typed) => fromJson(typed, "It"), hint: "What is left out stays as it is; metadata is merged." }], "Save");
      if (answer) await save(user, answer.json, shown);
    }, { class: "small", "aria-label": `Edit ${plain(user.userId)}` });
  }

  async function save(user, written, shown) {
    const wanted = fromJson(written, "It");
    const changed = Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(shown[name]));
    if (changed.length) await change(user, Object.fromEntries(changed));
  }

  async function add() {
    const id = h("input", { required: true });
    const name = h("input", {});
    const answers = await question("Add a user", [
      { name: "userId", label: "User id", control: id },
      { name: "displayName", label: "Name", control: name },
      { name: "role", label: "Role", control: choice(ROLES, { value: "agent" }) },
    ], "Add");
    if (!answers) return;
    const given = answers.displayName ? answers : { userId: answers.userId, role: answers.role };
    await app.post(["users"], given).catch(complain);
    app.known = null;
    ask();
  }

  return { element, update };
}

function table(names, body) {
  return h("div", { class: "table", tabindex: "0", role: "group", "aria-label": names[0] === "Turn" ? "Agents" : `${names[0]}s` }, h("table", {}, h("thead", {}, h("tr", {}, names.map((name) => (name ? h("th", { scope: "col" }, name) : h("td", {}))))), body));
}

function person(user, tag) {
  return h("th", { scope: "row" }, content(user.displayName ?? user.userId, { most: 100 }), tag && h("span", { class: "chip" }, tag), user.displayName && h("span", { class: "soft block" }, content(user.userId, { most: 100 })));
}

// How much an agent has to do: a bar against the limit, if there is one.
function load(agent) {
  const told = agent.limit === undefined ? `${agent.open}` : `${agent.open} of ${agent.limit}`;
  const why = agent.skipped && h("span", { class: "soft" }, ` skipped: ${agent.skipped}`);
  if (agent.limit === undefined) return [told, why];
  const bar = h("meter", { min: "0", max: String(Math.max(agent.limit, 1)), high: String(Math.max(agent.limit - 0.5, 0.5)), value: String(Math.min(agent.open, Math.max(agent.limit, 1))), "aria-label": `${told} conversations` });
  return [bar, " ", told, why];
}
