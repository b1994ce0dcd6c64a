// The clock of the app: looked at, frozen, set, moved ahead, let go on.

import { fill, h } from "./dom.js";
import { action, field, notice } from "./parts.js";
import { wholeTime } from "./words.js";

const STEPS = [["1 minute", "PT1M"], ["1 hour", "PT1H"], ["1 day", "P1D"]];

export function clock({ app, ask }) {
  const now = h("p", { class: "big", "aria-live": "polite" }, "…");
  const mode = h("p", { class: "soft" });
  const ran = h("div", {});
  const by = h("input", { value: "PT10M" });
  const to = h("input", { placeholder: "2030-01-31T12:00:00Z" });
  const turn = (label, change) => action(label, () => move(change()), {});
  const element = h("section", { class: "page clock", "aria-labelledby": "title" }, h("div", { class: "heading" }, h("h1", { id: "title" }, "Clock")),
    h("p", { class: "soft" }, "Everything of this app with a time in it goes by this clock. What is owed falls due when it gets there."),
    now, mode,
    h("p", { class: "actions" }, turn("Freeze", () => ({ freeze: true })), turn("Resume", () => ({ resume: true })), STEPS.map(([label, step]) => turn(`+ ${label}`, () => ({ advance: step })))),
    field("Advance by", by, "Milliseconds, or ISO 8601 such as PT1H30M."), h("p", { class: "actions" }, turn("Advance", () => ({ advance: number(by.value) }))),
    field("Set to", to, "Milliseconds since 1970, or ISO 8601."), h("p", { class: "actions" }, turn("Set", () => ({ set: number(to.value) })), turn("Freeze there", () => ({ freeze: number(to.value) }))),
    ran);

  async function move(change) {
    const answer = await app.post(["clock"], change);
    show(answer);
    fill(ran, answer.ran?.length > 0 && [h("h2", {}, "Ran on the way"), h("ul", {}, answer.ran.map((one) => h("li", {}, JSON.stringify(one))))]);
    notice(`It is ${wholeTime(answer.now)}`);
    ask();
  }

  function show(answer) {
    fill(now, wholeTime(answer.now));
    fill(mode, answer.mode === "frozen" ? "The clock stands still." : "The clock runs.");
  }

  const tick = setInterval(() => ask(), 5000);
  return { element, update: async () => show(await app.get(["clock"])), close: () => clearInterval(tick) };
}

function number(text) {
  return /^\d+$/.test(text.trim()) ? Number(text) : text.trim();
}
