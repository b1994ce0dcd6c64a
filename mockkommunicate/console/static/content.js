// What users wrote, shown as what it is: text nodes, each isolated from the direction of what stands around it, with
// characters that would be invisible or would turn others round made visible. Links lead where one can see them lead.

import { h } from "./dom.js";

const LONGEST = 4000;
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{fff9}-\u{fffb}\u{d800}-\u{dfff}\u{e0000}-\u{e007f}]/gu;
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

// Show a text of a user: all of it, a long one once that is asked for, or only so much as there is room.
export function content(value, { most = LONGEST } = {}) {
  const text = String(value ?? "");
  const element = h("bdi", { class: "content" });
  element.append(...visible(text.slice(0, most)));
  if (text.length > most) element.append(most < LONGEST ? "…" : rest(text, element));
  return element;
}

// Answer a text without what is hidden in it, for places that hold nothing but text: titles, options, values.
export function plain(value) {
  return String(value ?? "").replace(HIDDEN, (character) => `⟨${codeOf(character)}⟩`);
}

function visible(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(HIDDEN)) {
    parts.push(text.slice(end, found.index));
    parts.push(h("span", { class: "hidden-character", title: "a character that cannot be seen" }, codeOf(found[0])));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

function codeOf(character) {
  return `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function rest(text, element) {
  const show = () => element.replaceChildren(...visible(text));
  return h("button", { type: "button", class: "link", click: show }, ` … show all ${text.length} characters`);
}

// Answer where a link may lead, or null for what is no web or mail address: those that would run anything.
export function target(url) {
  try {
    const parsed = new URL(String(url));
    return SCHEMES.has(parsed.protocol) ? parsed : null;
  } catch {
    return null;
  }
}

// Show a link of a user: its text, and where it leads; as a text alone where it must not lead.
export function link(url, label, attributes = {}) {
  const to = target(url);
  if (!to) return h("span", { ...attributes, class: `no-link ${attributes.class ?? ""}`, title: `leads nowhere: ${plain(url)}` }, content(label ?? url));
  const element = h("a", { ...attributes, rel: "noopener noreferrer", target: "_blank", title: plain(url) }, content(label ?? url));
  element.setAttribute("href", to.href);
  return element;
}

// Show a picture of another host: its address, and the picture itself once that is asked for.
export function picture(url, label) {
  const to = target(url);
  const name = label ? plain(label) : "picture";
  if (!to || to.protocol === "mailto:") return h("span", { class: "picture no-link" }, "no picture: ", content(url));
  const frame = h("span", { class: "picture" });
  const load = () => frame.replaceChildren(image(to.href, name));
  frame.append(h("button", { type: "button", class: "small", click: load, "aria-label": `Load ${name} from ${to.host}` }, "Load picture"), h("span", { class: "address" }, content(url, { most: 200 })));
  return frame;
}

// A picture that is loaded at once.
export function image(href, name) {
  const element = h("img", { alt: name, loading: "lazy", referrerpolicy: "no-referrer" });
  element.setAttribute("src", href);
  return element;
}

// Show a value of JSON, with its strings as users wrote them.
export function json(value) {
  return h("pre", { class: "json", tabindex: "0" }, content(JSON.stringify(value, null, 2), { most: 20000 }));
}
