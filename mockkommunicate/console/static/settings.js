// Settings: a field for each, changed one at a time as soon as it is left.

import { fill, h } from "./dom.js";
import { Refused } from "./api.js";
import { plain } from "./content.js";
import { choice, complain, field, fromJson, notice, state } from "./parts.js";
import { STATUSES, who } from "./words.js";

const CHOICES = {
  "routing.rule": ["automatic", "notify_everybody"],
  dialect: ["documented", "observed"],
  statusLabels: ["sdk", "dashboard"],
  detailOfUnknownUsers: ["omit", "error"],
};

export function settings({ app, ask }) {
  const form = h("form", { class: "settings", submit: (event) => event.preventDefault(), focusout: (event) => form.contains(event.relatedTarget) || ask() }, state("Loading"));
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

  // Change a setting to what its field says; one that was refused says again what it said before.
  function changing(path, control, wanted, property = "value") {
    let kept = control[property];
    control.addEventListener("change", async () => {
      try {
        await app.patch(["settings"], path.reduceRight((inner, name) => ({ [name]: inner }), wanted()));
        kept = control[property];
        notice(`${path.join(".")} changed`);
      } catch (error) {
        complain(error);
        if (error instanceof Refused) control[property] = kept;
      }
      ask();
    });
    return control;
  }

  function control(path, value, staff) {
    const name = path.join(".");
    const label = path.at(-1);
    if (typeof value === "boolean") return checkbox(label, value, (input) => changing(path, input, () => input.checked, "checked"));
    const options = optionsOf(name, staff);
    if (options) return field(label, chosen(options, value, (select) => changing(path, select, () => (name === "initialStatus" ? Number(select.value) : select.value || null))));
    if (typeof value === "object" && value !== null) return field(label, area(value, (input) => changing(path, input, () => fromJson(input.value, label))), "As JSON.");
    return field(label, text(value, name, (input, read) => changing(path, input, read)));
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

function checkbox(label, value, changing) {
  return h("label", { class: "check" }, changing(h("input", { type: "checkbox", checked: value })), label);
}

function chosen(options, value, changing) {
  return changing(choice(options, { value: value ?? "" }));
}

function text(value, name, changing) {
  const isNumber = typeof value === "number" || /limit|bytes|ms$/i.test(name);
  const input = h("input", { type: isNumber ? "number" : "text", placeholder: value === null ? "none" : "" });
  input.value = value === null ? "" : plain(value);
  return changing(input, () => (input.value === "" ? null : isNumber ? Number(input.value) : input.value));
}

function area(value, changing) {
  const input = h("textarea", { rows: "3", spellcheck: "false" });
  input.value = JSON.stringify(value);
  return changing(input);
}
