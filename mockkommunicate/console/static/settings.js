// Settings: a field for each, changed one at a time as soon as it is left.

import { fill, h } from "./dom.js";
import { plain } from "./content.js";
import { choice, complain, field, notice, state } from "./parts.js";
import { STATUSES, who } from "./words.js";

const CHOICES = {
  "routing.rule": ["automatic", "notify_everybody"],
  dialect: ["documented", "observed"],
  statusLabels: ["sdk", "dashboard"],
  detailOfUnknownUsers: ["omit", "error"],
};

export function settings({ app, ask }) {
  const form = h("form", { class: "settings", submit: (event) => event.preventDefault() }, state("Loading"));
  const element = h("section", { class: "page", "aria-labelledby": "title" }, h("div", { class: "heading" }, h("h1", { id: "title" }, "Settings")),
    h("p", { class: "soft" }, "Each is changed as soon as you leave its field. What the server refuses stays as it was."), form);

  async function update() {
    const [values, staff] = await Promise.all([app.get(["settings"]), app.staff()]);
    const signature = JSON.stringify([values, staff.map((user) => user.userId)]);
    if (form.dataset.signature === signature || (form.contains(document.activeElement) && form.dataset.signature)) return;
    form.dataset.signature = signature;
    const [single, grouped] = [[], []];
    for (const [name, value] of Object.entries(values)) {
      if (isGroup(value)) grouped.push(h("fieldset", {}, h("legend", {}, name), Object.entries(value).map(([inner, one]) => control([name, inner], one, staff))));
      else single.push(control([name], value, staff));
    }
    fill(form, h("fieldset", {}, h("legend", {}, "general"), single), grouped);
  }

  async function change(path, value) {
    try {
      await app.patch(["settings"], path.reduceRight((inner, name) => ({ [name]: inner }), value));
      notice(`${path.join(".")} changed`);
    } catch (error) {
      complain(error);
    }
    delete form.dataset.signature;
    ask();
  }

  function control(path, value, staff) {
    const name = path.join(".");
    const label = path.at(-1);
    if (typeof value === "boolean") return checkbox(label, value, (wanted) => change(path, wanted));
    const options = optionsOf(name, staff);
    if (options) return field(label, choice(options, { value: value ?? "", change: (event) => change(path, name === "initialStatus" ? Number(event.target.value) : event.target.value || null) }));
    if (typeof value === "object" && value !== null) return area(label, value, (wanted) => change(path, wanted));
    return text(label, value, name, (wanted) => change(path, wanted));
  }

  return { element, update };
}

function isGroup(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function optionsOf(name, staff) {
  const people = (roles) => [["", "nobody"], ...staff.filter((user) => roles.includes(user.role)).map((user) => [user.userId, who(user)])];
  if (name === "routing.defaultAgent") return people(["agent", "admin"]);
  if (name === "routing.assignNewConversationsTo") return people(["bot"]);
  if (name === "initialStatus") return [...STATUSES];
  return CHOICES[name]?.map((one) => [one, one]);
}

function checkbox(label, value, change) {
  return h("label", { class: "check" }, h("input", { type: "checkbox", checked: value, change: (event) => change(event.target.checked) }), label);
}

function text(label, value, name, change) {
  const isNumber = typeof value === "number" || /limit|bytes|ms$/i.test(name);
  const input = h("input", { type: isNumber ? "number" : "text", placeholder: value === null ? "none" : "" });
  input.value = value === null ? "" : plain(value);
  input.addEventListener("change", () => change(input.value === "" ? null : isNumber ? Number(input.value) : input.value));
  return field(label, input);
}

function area(label, value, change) {
  const input = h("textarea", { rows: "3", spellcheck: "false" });
  input.value = JSON.stringify(value);
  input.addEventListener("change", () => {
    try {
      change(JSON.parse(input.value));
    } catch (error) {
      complain(new Error(`This is no JSON: ${error.message}`));
    }
  });
  return field(label, input, "As JSON.");
}
