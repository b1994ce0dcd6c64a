// HTML that a user wrote, in a frame that may do nothing: no script, no form, no origin, and nothing to ask anybody for.
// The frame's policy forbids requests anyway; what would ask is taken out, so that none is even tried.

import { h } from "./dom.js";
import { content } from "./content.js";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const HEAD = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta http-equiv="x-dns-prefetch-control" content="off">`;
const DROPPED = "script, noscript, link, meta, base, iframe, frame, frameset, object, embed, applet, portal, template, audio, video, source, track, style, use, feImage";
const PICTURES = "img, picture, image, input[type=image]";
const KEPT_LINKS = new Set(["a", "area"]);
const ASKING = new Set(["src", "srcset", "srcdoc", "background", "poster", "ping", "data", "longdesc", "manifest", "imagesrcset"]);

// Show HTML in its frame, and its source below.
export function framed(markup) {
  const frame = h("iframe", { sandbox: "", title: "HTML message", referrerpolicy: "no-referrer", loading: "lazy" });
  frame.setAttribute("srcdoc", HEAD + silent(markup));
  return h("div", { class: "html" }, frame, h("details", {}, h("summary", {}, "Source"), h("pre", { tabindex: "0" }, content(markup))));
}

// Answer HTML without what would make a request. It is read into a document that is shown nowhere and loads nothing.
function silent(markup) {
  const read = new DOMParser().parseFromString(markup, "text/html");
  for (const element of read.querySelectorAll(DROPPED)) element.remove();
  for (const element of read.querySelectorAll(PICTURES)) element.replaceWith(`[picture ${element.getAttribute("src") ?? ""}]`);
  for (const element of read.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) if (asks(element, name.toLowerCase(), value)) element.removeAttribute(name);
  }
  return read.documentElement.outerHTML;
}

function asks(element, name, value) {
  const local = name.split(":").at(-1);
  if (local === "href") return !KEPT_LINKS.has(element.localName);
  return ASKING.has(local) || (name === "style" && /url|image|@|\\/i.test(value)) || /url\s*\(/i.test(value);
}
