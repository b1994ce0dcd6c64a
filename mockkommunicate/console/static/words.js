// The words for what the APIs answer in numbers, and times as people read them.

import { h } from "./dom.js";
import { plain } from "./content.js";

export const STATUSES = new Map([
  [-1, "Initial"],
  [0, "Open"],
  [1, "In progress"],
  [2, "Resolved"],
  [3, "Spam"],
  [4, "Duplicate"],
  [5, "Archived"],
  [6, "Unresponded"],
  [7, "Waiting"],
]);

export const OPEN = new Set([-1, 0, 1, 6, 7]);

// A status as a label.
export function status(number) {
  return h("span", { class: "chip", "data-status": number }, STATUSES.get(number) ?? String(number));
}

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", hour12: false });

// A time of the app's clock: of the day, or with its day if that is not today.
export function time(ms) {
  const date = new Date(ms);
  const today = date.toDateString() === new Date().toDateString();
  const shown = today ? TIME.format(date) : `${DAY.format(date)} ${TIME.format(date).slice(0, 5)}`;
  return h("time", { datetime: date.toISOString(), title: `${WHOLE.format(date)} · ${ms}` }, shown);
}

export function wholeTime(ms) {
  return WHOLE.format(new Date(ms));
}

export function bytes(size) {
  if (size < 1000) return `${size} B`;
  return size < 1e6 ? `${(size / 1000).toFixed(1)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

// Who a user is, for lists of names.
export function who(user) {
  return plain(user.displayName ? `${user.displayName} (${user.userId})` : user.userId);
}
