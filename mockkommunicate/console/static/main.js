// The console: which app, which panel, what is new. Everything goes over the two HTTP APIs.

import { App, Lost, Refused, asksWith, call, listens } from "./api.js";
import { fill, h, inside, keyed } from "./dom.js";
import { guide, stepOf } from "./guide.js";
import { calmly, watch } from "./live.js";
import { ask as question, choice, complain, state } from "./parts.js";
import { wholeTime } from "./words.js";
import { clock } from "./clock.js";
import { conversations } from "./conversations.js";
import { deliveries } from "./deliveries.js";
import { faults } from "./faults.js";
import { journal } from "./journal.js";
import { people } from "./people.js";
import { scenario } from "./scenario.js";
import { settings } from "./settings.js";
import { snapshots } from "./snapshots.js";

const PANELS = { conversations, people, journal, deliveries, faults, clock, snapshots, settings, scenario };
const WORDS = { connecting: "Connecting", live: "Live", lost: "Connection lost", paused: "Paused", gone: "The app is gone" };

const byId = (id) => document.getElementById(id);
const main = byId("main");
let shown = null; // { app, name, panel, calm, stop }
let info = null;
let pulse = null;

// The address: #/APP/PANEL/WHAT
function address() {
  const [app = "", name = "", what = ""] = location.hash.replace(/^#\//, "").split("/").map(decoded);
  return { app: app || "default", name: name in PANELS ? name : "conversations", what };
}

// What somebody typed may be no address.
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function goTo(...path) {
  location.hash = `#/${path.map(encodeURIComponent).join("/")}`;
}

// Where the guide leads to: back to the conversation that was open last, if it is about one.
const help = guide((panel) => [shown?.app.id ?? address().app, panel, panel === "conversations" && shown?.conversation].filter(Boolean));

listens((method, path, body) => {
  const step = stepOf(method, path) ?? (method === "POST" && path.endsWith("/messages") ? writer(body) : null);
  if (step) help.done(step);
});

// Tell on which side a message was written.
function writer({ from }) {
  const isStaff = shown?.app.known?.some((user) => user.userId === from);
  return isStaff ? "agent" : "customer";
}

async function route() {
  const { app: id, name, what } = address();
  try {
    if (shown?.app.id !== id || !info) await enter(id);
    if (shown.name !== name) show(name);
    shown.panel.open?.(what);
    if (name === "conversations" && what) (shown.conversation = what), help.done("open");
    help.show();
  } catch (error) {
    failed(error);
  }
}

// Go into an app: know it under its own id, and watch it.
async function enter(id) {
  leave();
  info ??= await call("GET", "info");
  const known = await call("GET", `apps/${encodeURIComponent(id)}`);
  if (known.applicationId !== id) {
    const { name, what } = address();
    history.replaceState(null, "", `#/${[known.applicationId, name, what].filter(Boolean).map(encodeURIComponent).join("/")}`);
  }
  shown = { app: new App(known.applicationId), name: null, panel: null };
  shown.calm = calmly(refresh);
  shown.stop = watch(shown.app, { told: (told) => ((pulse = told), shown?.calm.ask()), state: connection });
  await showApps();
}

function leave() {
  shown?.stop();
  shown?.calm.close();
  shown?.panel?.close?.();
  shown = null;
  pulse = null;
}

function show(name) {
  shown.panel?.close?.();
  shown.name = name;
  shown.panel = PANELS[name]({ app: shown.app, info, goTo, ask: () => shown?.calm.now(), go: (...path) => goTo(shown.app.id, ...path) });
  put(shown.panel.element);
  main.dataset.panel = name;
  document.title = `${name} · mockkommunicate`;
  const panels = Object.keys(PANELS).map((one) => ({ path: [shown.app.id, one], current: one === name ? "page" : null }));
  keyed(byId("panels"), panels, ({ path }) => path[1], ({ path, current }) => h("li", {}, inside(path, { "aria-current": current }, path[1][0].toUpperCase() + path[1].slice(1))));
  byId("panels").querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
  shown.calm.now();
}

// Put a panel below the guide, which stays what it is, with its focus.
function put(element) {
  if (help.element.parentElement !== main) fill(main, help.element);
  while (main.lastChild !== help.element) main.lastChild.remove();
  main.append(element);
}

async function refresh() {
  const at = shown;
  try {
    const [again] = await Promise.all([at?.panel?.update(pulse), showClock(at)]);
    return again;
  } catch (error) {
    if (error instanceof Lost) connection("lost");
    else if (at === shown && error.code === "APP_NOT_FOUND") connection("gone");
    else if (at === shown) complain(error);
  }
  return false;
}

// The clock is asked only every now and then: a change of it is a change like any other.
async function showClock(at) {
  if (Date.now() - (at.clockAt ?? 0) < 2000) return void (at.later ??= setTimeout(() => ((at.later = null), at.calm.ask()), 2000));
  at.clockAt = Date.now();
  const { now, mode } = await at.app.get(["clock"]);
  byId("top-clock").hidden = mode !== "frozen";
  fill(byId("top-clock"), mode === "frozen" && `Clock frozen at ${wholeTime(now)}`);
}

async function showApps() {
  const { apps } = await call("GET", "apps");
  const options = apps.slice(0, 500).map((app) => [app.applicationId, app.applicationId]);
  fill(byId("app"), h("label", {}, h("span", { class: "unseen" }, "App "), choice(options, { value: shown.app.id, change: (event) => goTo(event.target.value, shown.name ?? "conversations") })));
}

function connection(name, why) {
  const element = byId("connection");
  if (element.dataset.state === name && !why) return;
  element.dataset.state = name;
  fill(element, WORDS[name], why ? `: ${why}` : "");
  document.body.dataset.connection = name;
  if (name === "live") shown?.calm.ask();
  if (name === "gone") fill(main, state("This app is no longer there.", wayOut()));
}

const wayOut = () => h("p", {}, inside(["default", "conversations"], {}, "Go to the default app"));

function failed(error) {
  const again = h("p", {}, h("button", { type: "button", click: route }, "Try again"));
  if (error instanceof Lost) {
    connection("lost");
    fill(main, state("The server does not answer.", again));
    setTimeout(() => shown || route(), 3000);
    return;
  }
  if (error.code === "APP_NOT_FOUND") connection("gone");
  fill(main, state(error.message, error.status === 401 ? again : wayOut()));
}

async function askForToken(isWrong) {
  const token = h("input", { type: "password", required: true, autocomplete: "off" });
  const heading = isWrong ? "That token was not the right one" : "The control API needs its token";
  const answer = await question(heading, [{ name: "token", label: "Token", control: token, hint: "The server printed it when it started, or it was given as --control-token. It is kept until this tab is closed." }], "Go on");
  if (!answer) throw new Refused(401, { message: "The control API needs its token." });
  return answer.token;
}

// Light, dark, or as the system has it.
function theme() {
  const themes = ["system", "light", "dark"];
  const set = (name) => {
    document.documentElement.dataset.theme = name;
    fill(byId("theme"), `Theme: ${name}`);
    localStorage.setItem("mockkommunicate.theme", name);
  };
  set(themes.includes(localStorage.getItem("mockkommunicate.theme")) ? localStorage.getItem("mockkommunicate.theme") : "system");
  byId("theme").addEventListener("click", () => set(themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % 3]));
}

asksWith(askForToken);
theme();
addEventListener("hashchange", route);
route();
