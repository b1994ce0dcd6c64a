// Scenario: what the app is filled with again; and the apps there are.

import { call } from "./api.js";
import { fill, h, inside, keyed } from "./dom.js";
import { content } from "./content.js";
import { action, ask as question, choice, confirm, field, fromJson, notice } from "./parts.js";
import { wholeTime } from "./words.js";

export function scenario({ app, ask, info, goTo }) {
  const now = h("p", { class: "soft" });
  const name = choice(info.scenarios.map((one) => [one, one]), {});
  const seed = h("input", { type: "number", min: "0", placeholder: "as it is" });
  const own = h("textarea", { rows: "8", spellcheck: "false", placeholder: '{"users": [{"userId": "jane@example.com", "role": "agent"}]}' });
  const apps = h("tbody", {});
  const element = h("section", { class: "page scenario", "aria-labelledby": "title" }, h("div", { class: "heading" }, h("h1", { id: "title" }, "Scenario")), now,
    h("h2", {}, "Fill the app again"), field("Scenario", name), field("Seed", seed, "The same scenario and seed give the same content."),
    h("p", { class: "actions" }, action("Reset the app", () => reset(name.value), { class: "primary" })),
    h("details", {}, h("summary", {}, "A scenario of your own"), field("The scenario, as JSON", own), h("p", { class: "actions" }, action("Reset to this", () => reset(fromJson(own.value, "The scenario"))))),
    h("h2", {}, "Apps"), h("p", { class: "soft" }, "Each app is a world of its own, which its API key opens."),
    h("p", { class: "actions" }, action("Create an app", create)),
    h("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Apps" }, h("table", {}, h("thead", {}, h("tr", {}, ["Application id", "API key", "Scenario", "Created"].map((one) => h("th", { scope: "col" }, one)), h("td", {}))), apps)));

  async function update() {
    const [{ apps: all }, one] = await Promise.all([call("GET", "apps"), app.get([])]);
    if (!now.firstChild && info.scenarios.includes(one.scenario)) name.value = one.scenario;
    fill(now, "This app was filled with ", h("strong", {}, content(written(one.scenario), { most: 200 })), `, seed ${one.seed}.`);
    keyed(apps, all.slice(0, 500), (each) => each.applicationId, row);
  }

  function row(one) {
    return h("tr", {}, h("th", { scope: "row" }, inside([one.applicationId, "conversations"], {}, content(one.applicationId))), h("td", {}, h("code", {}, masked(one.apiKey))),
      h("td", {}, content(written(one.scenario), { most: 60 })), h("td", {}, wholeTime(one.createdAtTime)),
      h("td", { class: "actions" }, action("Delete", async () => (await confirm(`Delete the app ${one.applicationId} and all that is in it?`, "Delete")) && (await call("DELETE", `apps/${encodeURIComponent(one.applicationId)}`), ask()), { class: "small", "aria-label": `Delete ${one.applicationId}` })));
  }

  async function reset(wanted) {
    if (!(await confirm("Empty this app and fill it again? Its journal and its faults go, too.", "Reset"))) return;
    const given = { scenario: wanted, ...(seed.value === "" ? {} : { seed: Number(seed.value) }) };
    const { removed } = await app.post(["reset"], given);
    app.known = null;
    notice(`Filled again; ${removed.conversations} conversations and ${removed.users} users went.`);
    ask();
  }

  async function create() {
    const id = h("input", { placeholder: "made up" });
    const from = choice(info.scenarios.map((one) => [one, one]), { value: "empty" });
    const answers = await question("Create an app", [{ name: "applicationId", label: "Application id", control: id }, { name: "scenario", label: "Scenario", control: from }], "Create");
    if (!answers) return;
    const made = await call("POST", "apps", { body: { scenario: answers.scenario, ...(answers.applicationId ? { applicationId: answers.applicationId } : {}) } });
    notice(`The app ${made.applicationId} is there.`);
    goTo(made.applicationId, "scenario");
  }

  return { element, update };
}

function written(name) {
  return typeof name === "string" ? name || "nothing" : "a scenario of its own";
}

// Enough of a key to tell it from others, never all of it.
function masked(key) {
  return `${key.slice(0, Math.min(6, Math.floor(key.length / 2)))}…`;
}
