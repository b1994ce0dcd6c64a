// Snapshots and state: the app as it was kept, forked, exported and imported.

import { fill, h, keyed } from "./dom.js";
import { content } from "./content.js";
import { action, ask as question, confirm, doing, fromJson, notice, save, state } from "./parts.js";
import { wholeTime } from "./words.js";

export function snapshots({ app, ask, goTo }) {
  const body = h("tbody", {});
  const below = h("div", {});
  const file = h("input", { type: "file", accept: "application/json,.json", class: "unseen", tabindex: "-1", "aria-label": "A state to import", change: (event) => load(event.target) });
  const element = h("section", { class: "page snapshots", "aria-labelledby": "title" }, h("div", { class: "heading" }, h("h1", { id: "title" }, "Snapshots and state")),
    h("p", { class: "soft" }, "A snapshot keeps the app as it is under a name. The exported state is one JSON document, to keep in a file and to import."),
    h("p", { class: "actions" }, action("Take a snapshot", take, { class: "primary" }), action("Fork the app", () => fork()), action("Export the state", download), h("button", { type: "button", click: () => file.click() }, "Import a state"), file),
    h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Snapshot"), h("th", { scope: "col" }, "Taken"), h("td", {}))), body), below);

  async function update() {
    const { snapshots: all } = await app.get(["snapshots"]);
    keyed(body, all, (one) => one.name, row);
    fill(below, !all.length && state("No snapshot was taken yet."));
  }

  function row({ name, createdAtTime }) {
    return h("tr", {}, h("th", { scope: "row" }, content(name)), h("td", {}, wholeTime(createdAtTime)),
      h("td", { class: "actions" },
        action("Restore", async () => (await confirm(`Make the app what it was at ${name}?`, "Restore")) && (await app.post(["snapshots", name, "restore"]), notice(`Restored ${name}`), ask()), { class: "small", "aria-label": `Restore ${name}` }),
        action("Fork", () => fork(name), { class: "small", "aria-label": `Fork ${name}` }),
        action("Delete", async () => (await app.delete(["snapshots", name]), ask()), { class: "small", "aria-label": `Delete ${name}` })));
  }

  async function take() {
    const answer = await question("Take a snapshot", [{ name: "name", label: "Name", control: h("input", { value: "before", required: true }) }], "Take");
    if (!answer) return;
    await app.put(["snapshots", answer.name]);
    notice(`Snapshot ${answer.name} taken`);
    ask();
  }

  async function fork(snapshot) {
    const { call } = await import("./api.js");
    const made = await call("POST", "apps", { body: { from: app.id, ...(snapshot ? { snapshot } : {}) } });
    notice(`The app ${made.applicationId} goes on from here.`);
    goTo(made.applicationId, "conversations");
  }

  async function download() {
    const response = await app.get(["state"], {}, { raw: true });
    save(await response.text(), `${app.id}.json`);
  }

  async function load(input) {
    const [chosen] = input.files;
    if (!chosen || !(await confirm(`Put ${chosen.name} in the place of all that the app holds?`, "Import"))) return void (input.value = "");
    await doing(element.querySelector(".primary"), async () => {
      await app.put(["state"], fromJson(await chosen.text(), chosen.name));
      notice(`${chosen.name} imported`);
      app.known = null;
      ask();
    });
    input.value = "";
  }

  return { element, update };
}
