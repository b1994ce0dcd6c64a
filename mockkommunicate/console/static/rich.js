// Rich messages, drawn about as a client would: from the metadata, each part as a text, nothing as markup.

import { h } from "./dom.js";
import { content, json, link, picture, plain } from "./content.js";

// Tell whether a client would draw more than the text.
export function isRich(metadata) {
  return Boolean(metadata && (metadata.templateId || metadata.KM_AUTO_SUGGESTION || metadata.KM_FIELD));
}

// Draw what the metadata asks for; `say` writes as the customer.
export function rich(metadata, say) {
  const parts = [];
  if (metadata.templateId) parts.push(template(metadata, say));
  if (metadata.KM_AUTO_SUGGESTION) parts.push(suggestions(read(metadata.KM_AUTO_SUGGESTION), say));
  if (metadata.KM_FIELD) parts.push(asked(read(metadata.KM_FIELD)));
  return h("div", { class: "rich" }, parts);
}

function read(value) {
  try {
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return null;
  }
}

const list = (value) => (Array.isArray(value) ? value : []).filter((one) => one && typeof one === "object");
const object = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});

const TEMPLATES = {
  3: (payload, say, metadata) => buttons(list(payload).map((one) => ({ ...one, type: one.type ?? (metadata.formAction ? "submit" : undefined), formAction: one.formAction ?? metadata.formAction })), say),
  6: (payload, say) => h("div", { class: "choices" }, list(payload).map((one) => reply(one.title, one.message ?? one.title, say, one.replyMetadata))),
  7: (payload, say) => listed(object(payload), say),
  9: (payload) => list(payload).map((one) => h("figure", {}, picture(one.url, one.caption), one.caption && h("figcaption", {}, content(one.caption)))),
  10: (payload, say) => h("div", { class: "cards", tabindex: "0", role: "group", "aria-label": "Cards" }, list(payload).map((one) => card(one, say))),
  11: (payload, say) => buttons(list(payload).map(flat), say),
  12: (payload) => form(list(payload)),
  13: (payload, say) => buttons(list(payload).map(flat), say),
  14: (payload) => list(payload).map((one) => h("p", {}, "Video ", link(one.url ?? one.source, one.caption ?? one.url))),
};

function template(metadata, say) {
  const payload = read(metadata.payload);
  const draw = TEMPLATES[metadata.templateId];
  if (!draw || payload === null) return h("div", {}, h("p", { class: "soft" }, `Template ${plain(metadata.templateId)}, not drawn`), json(payload ?? metadata.payload ?? null));
  return draw(payload, say, object(metadata));
}

function flat(button) {
  const action = object(button.action);
  return { ...object(action.payload), ...action, name: button.name ?? object(action.payload).title, payload: undefined };
}

function buttons(all, say) {
  return h("div", { class: "choices" }, all.map((one) => button(one, say)));
}

// A button: a link, an answer that the customer gives, or a form that is sent nowhere from here.
function button(one, say) {
  const { type, url, name, title, message, text, formAction, replyMetadata } = one;
  const label = name ?? title ?? text ?? "(no name)";
  if (type === "link" || (url && type !== "submit")) return link(url, label, { class: "choice" });
  if (type === "submit" || formAction) {
    return h("button", { type: "button", class: "choice", disabled: true, title: `would be sent to ${plain(formAction ?? "nowhere")}` }, content(label), h("span", { class: "soft" }, " submits"));
  }
  return reply(label, message ?? text ?? title ?? name, say, replyMetadata);
}

function reply(label, message, say, metadata) {
  const texts = metadata && Object.fromEntries(Object.entries(object(metadata)).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]));
  return h("button", { type: "button", class: "choice", click: () => say(String(message ?? label ?? ""), texts), title: "The customer answers so" }, content(label ?? message));
}

function card(one, say) {
  const header = object(one.header);
  return h("article", { class: "card" },
    header.imgSrc && picture(header.imgSrc, one.title), header.overlayText && h("p", { class: "overlay" }, content(header.overlayText)),
    h("p", { class: "card-title" }, content(one.title), one.titleExt && h("span", { class: "soft" }, " ", content(one.titleExt))),
    one.subtitle && h("p", { class: "soft" }, content(one.subtitle)), one.description && h("p", {}, content(one.description)),
    buttons(list(one.buttons).map(flat), say));
}

function listed(payload, say) {
  return h("div", { class: "card list" }, payload.headerImgSrc && picture(payload.headerImgSrc, "header"),
    payload.headerText && h("p", { class: "card-title" }, content(payload.headerText)),
    h("ul", {}, list(payload.elements).map((one) => h("li", {}, one.imgSrc && picture(one.imgSrc, one.title), element(one, say), one.description && h("p", { class: "soft" }, content(one.description))))),
    buttons(list(payload.buttons).map(flat), say));
}

function element(one, say) {
  const action = object(one.action);
  if (action.type === "link") return link(action.url, one.title);
  if (action.type) return reply(one.title, action.text ?? one.title, say);
  return h("p", {}, content(one.title));
}

const INPUTS = new Set(["text", "password", "date", "time", "datetime-local"]);

// A form as it would be filled in; it is not sent from here.
function form(fields) {
  return h("fieldset", { class: "form", disabled: true }, h("legend", {}, "Form"), fields.map((one) => formField(one.type, { ...one, ...object(one.data) })));
}

function formField(type, data) {
  const label = data.label ?? data.title ?? data.name ?? type;
  if (type === "hidden") return null;
  if (type === "submit") return h("p", {}, h("button", { type: "button", disabled: true, title: plain(data.action?.formAction ?? data.formAction ?? "") }, content(data.name ?? label)));
  if (type === "radio" || type === "checkbox") return options(type, label, data);
  if (type === "dropdown") return h("label", {}, content(label), h("select", {}, list(data.options).map((one) => h("option", {}, plain(one.label ?? one.value)))));
  if (type === "textarea") return h("label", {}, content(label), h("textarea", { rows: "2", placeholder: plain(data.placeholder ?? "") }));
  return h("label", {}, content(label), h("input", { type: INPUTS.has(type) ? type : "text", placeholder: plain(data.placeholder ?? "") }));
}

function options(type, label, data) {
  return h("div", { role: "group", "aria-label": plain(label) }, h("p", {}, content(label)), list(data.options).map((one) => h("label", { class: "check" }, h("input", { type }), content(one.label ?? one.value))));
}

function suggestions(value, say) {
  const source = object(value).source;
  if (!Array.isArray(source)) return h("p", { class: "soft" }, "Suggestions from ", content(object(source).url ?? "nowhere"));
  const entries = source.map((one) => (typeof one === "string" ? { searchKey: one, message: one } : object(one)));
  return h("div", {}, h("p", { class: "soft" }, "Suggestions: ", content(object(value).placeholder ?? "")), h("div", { class: "choices" }, entries.map((one) => reply(one.searchKey, one.message, say))));
}

function asked(value) {
  const one = object(value);
  return h("p", { class: "soft" }, "Asks for ", content(one.label ?? one.field ?? "something"), " (", content(one.fieldType ?? "text"), ")");
}
