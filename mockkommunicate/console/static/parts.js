// The parts that every panel is made of: buttons that wait, fields, states, questions and short notices.

import { Lost, Refused } from "./api.js";
import { plain } from "./content.js";
import { fill, h } from "./dom.js";

// A button that does something which takes a while, and says what was refused.
export function action(label, run, attributes = {}) {
  const button = h("button", { type: "button", ...attributes, click: () => doing(button, run) }, label);
  return button;
}

export async function doing(button, run) {
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    return await run();
  } catch (error) {
    complain(error);
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
  return undefined;
}

// Say what went wrong.
export function complain(error) {
  if (error?.name === "AbortError") return;
  if (!(error instanceof Refused) && !(error instanceof Lost)) console.error(error);
  notice(error.message, "error");
}

// Say something for a few seconds.
export function notice(message, kind = "done") {
  const toast = h("p", { class: "toast", "data-kind": kind }, plain(message), " ");
  toast.append(h("button", { type: "button", class: "link", click: () => toast.remove() }, "Dismiss"));
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), kind === "error" ? 12000 : 4000);
}

// A field with its label.
export function field(label, control, hint) {
  control.id ||= `field-${(field.count = (field.count ?? 0) + 1)}`;
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, hint && h("p", { class: "hint" }, hint));
}

// A choice of values; options are [value, label] pairs.
export function choice(options, { value = "", ...attributes } = {}) {
  const select = h("select", attributes);
  setOptions(select, options, value);
  return select;
}

export function setOptions(select, options, value = select.value) {
  const signature = JSON.stringify(options);
  if (select.dataset.options !== signature) {
    fill(select, options.map(([one, label]) => h("option", { value: one }, plain(label))));
    select.dataset.options = signature;
  }
  select.value = value;
  if (select.selectedIndex < 0 && options.length) select.selectedIndex = 0;
}

// What stands in the place of things that are not there, or not yet.
export function state(message, ...more) {
  return h("div", { class: "state" }, h("p", {}, message), ...more);
}

// Ask something that is answered by yes or no; promises the answer.
export function confirm(question, yes) {
  return ask(question, [], yes).then((answer) => answer !== null);
}

// Read JSON that somebody typed; say of what it is none.
export function fromJson(text, what) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} is no JSON: ${error.message}`);
  }
}

// Say at a field what is wrong with its value, until another is typed; tell whether nothing is.
function isGood({ control, check = () => {} }) {
  control.addEventListener("input", () => control.setCustomValidity(""), { once: true });
  try {
    check(control.value);
  } catch (error) {
    control.setCustomValidity(error.message);
  }
  return control.reportValidity();
}

// Ask for values; promises an object of them by their names, or null. A field's `check` raises what is wrong with its value.
export function ask(question, fields, yes = "OK") {
  return new Promise((resolve) => {
    const form = h("form", { method: "dialog" });
    const dialog = h("dialog", { "aria-labelledby": "question", close: () => (dialog.remove(), resolve(null)) }, form);
    const done = (event) => {
      event.preventDefault();
      if (!fields.every(isGood)) return;
      resolve(Object.fromEntries(fields.map(({ name, control }) => [name, control.value])));
      dialog.close();
    };
    form.addEventListener("submit", done);
    form.append(h("h2", { id: "question" }, question), ...fields.map(({ label, control, hint }) => field(label, control, hint)));
    form.append(h("p", { class: "actions" }, h("button", { type: "submit", class: "primary" }, yes), h("button", { type: "button", click: () => dialog.close() }, "Cancel")));
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Copy a text, and show it where that is not allowed.
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    notice(`${what} copied`);
  } catch {
    const area = h("textarea", { rows: "12", readonly: true });
    area.value = text;
    await ask(`Copy this ${what}`, [{ name: "text", label: what, control: area }], "Done");
  }
}

// Offer a text as a file.
export function save(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const anchor = h("a", { download: name });
  anchor.setAttribute("href", url);
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// Let the arrow keys walk along the links of a list.
export function walk(list) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !(event.target instanceof HTMLAnchorElement)) return;
    const links = [...list.querySelectorAll("a[href]")];
    links[links.indexOf(event.target) + step]?.focus();
    event.preventDefault();
  });
  return list;
}
