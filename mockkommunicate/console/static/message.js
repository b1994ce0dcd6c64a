// One message, drawn as what it is: a text, a file, a place, a picture, HTML in a frame of its own, a notice.

import { h } from "./dom.js";
import { content, image, json, link, picture } from "./content.js";
import { action } from "./parts.js";
import { call } from "./api.js";
import { framed } from "./html.js";
import { isRich, rich } from "./rich.js";
import { bytes, time } from "./words.js";

const NOTICE = 10;
const SHOWN = 2_000_000; // bytes of a picture that is shown at once
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

// Draw a message; `say` writes as the customer, when one of its buttons does.
export function drawn(message, { app, say }) {
  if (message.contentType === NOTICE) return notice(message);
  const { sender } = message;
  return h("li", { class: "message", "data-role": sender.role },
    h("p", { class: "message-head" }, h("span", { class: "sender" }, content(sender.name ?? sender.id, { most: 100 })),
      h("span", { class: "role" }, sender.role), time(message.createdAtTime)),
    h("div", { class: "bubble" }, body(message, app), isRich(message.metadata) && rich(message.metadata, say)),
    message.findings && findings(message.findings), more(message));
}

function notice(message) {
  return h("li", { class: "message notice" }, h("p", {}, content(message.message), " ", time(message.createdAtTime)));
}

const DRAW = {
  1: (message, app) => [text(message), file(message.fileMeta ?? {}, app)],
  2: (message) => place(message.message),
  3: (message) => framed(message.message),
  5: (message) => [picture(message.message), message.fileMeta?.url && picture(message.fileMeta.url)],
  6: (message) => link(message.message),
};

function body(message, app) {
  const kind = message.metadata?.messageType === "html" ? 3 : message.contentType;
  const draw = DRAW[kind];
  if (draw) return draw(message, app);
  return [text(message), message.fileMeta && file(message.fileMeta, app)];
}

function text(message) {
  return message.message ? h("p", { class: "text" }, content(message.message)) : null;
}

function place(written) {
  try {
    const { lat, lon } = JSON.parse(written);
    return h("p", { class: "text" }, "Location ", content(`${lat}, ${lon}`));
  } catch {
    return h("p", { class: "text" }, content(written));
  }
}

function file(meta, app) {
  const about = [content(meta.name ?? "a file", { most: 200 }), " ", h("span", { class: "soft" }, content([meta.contentType, Number.isFinite(Number(meta.size)) && meta.size !== undefined ? bytes(Number(meta.size)) : ""].filter(Boolean).join(" · "), { most: 200 }))];
  const frame = h("div", { class: "file" }, h("p", {}, about));
  if (meta.blobKey) frame.append(own(meta, app));
  else if (meta.url) frame.append(picture(meta.url, meta.name));
  return frame;
}

// A file of the emulator's own: a small picture is shown, anything can be saved. Nothing of it is ever opened.
function own(meta, app) {
  const fetched = async () => (await call("GET", app.path("files", "content"), { query: { key: meta.blobKey }, raw: true })).blob();
  const holder = h("p", { class: "actions" }, action("Save", async () => {
    const url = URL.createObjectURL(new Blob([await fetched()], { type: "application/octet-stream" }));
    const anchor = h("a", { download: String(meta.name ?? "file") });
    anchor.setAttribute("href", url);
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }, { class: "small" }));
  if (PICTURES.has(meta.contentType) && Number(meta.size) <= SHOWN) show(fetched, holder, String(meta.name ?? "picture"));
  return holder;
}

async function show(fetched, holder, name) {
  try {
    holder.before(image(URL.createObjectURL(await fetched()), name));
  } catch {
    holder.before(h("span", { class: "soft" }, "The file is not there."));
  }
}

// What is wrong with a rich message.
export function findings(found) {
  return h("ul", { class: "findings", "aria-label": "Findings" }, found.map((one) => h("li", { "data-severity": one.severity },
    h("strong", {}, one.severity), " ", h("code", {}, content(one.path, { most: 200 })), " ", content(one.message))));
}

function more(message) {
  const entries = Object.keys(message.metadata ?? {});
  if (!entries.length && !message.fileMeta) return null;
  const { sender, findings: _found, ...raw } = message;
  const details = h("details", { class: "raw" }, h("summary", {}, "JSON"));
  details.addEventListener("toggle", () => details.children.length > 1 || details.append(json(raw)), { once: true });
  return details;
}
