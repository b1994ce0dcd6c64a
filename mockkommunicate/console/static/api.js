// The two HTTP APIs, as any client calls them.

const TOKEN = "mockkommunicate.token";

// What an API refused: its status and code, and what would be right.
export class Refused extends Error {
  constructor(status, error) {
    super([error.message, error.hint && `(${error.hint})`].filter(Boolean).join(" "));
    this.status = status;
    this.code = error.code;
  }
}

// The server does not answer.
export class Lost extends Error {}

let asking = null;
let listener = () => {};

// Let somebody hear of every call that was answered well.
export function listens(heard) {
  listener = heard;
}

// Call the control API, below /_mock; raise Refused or Lost. `body` is sent as JSON, or as it is if it is a Blob.
export async function call(method, path, { query = {}, body, signal, raw = false } = {}) {
  const response = await send(method, path, { query, body, signal });
  if (response.ok) listener(method, path, body);
  if (raw && response.ok) return response;
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw new Refused(response.status, answer?.error ?? { code: "ANSWER", message: `the server answered ${response.status}` });
}

async function send(method, path, { query, body, signal }) {
  for (;;) {
    const response = await attempt(method, path, { query, body, signal });
    if (response.status !== 401) return response;
    await askForToken();
  }
}

async function attempt(method, path, { query, body, signal }) {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, value);
  }
  const token = sessionStorage.getItem(TOKEN);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const given = body instanceof Blob || body === undefined ? body : JSON.stringify(body);
  try {
    return await fetch(url, { method, headers, body: given, signal, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Lost("the server does not answer");
  }
}

// Ask once, however many calls need it; whoever can ask is told by `asksWith`.
async function askForToken() {
  asking ??= ask().finally(() => (asking = null));
  const token = await asking;
  sessionStorage.setItem(TOKEN, token);
}

let ask = () => Promise.reject(new Lost("the control API needs its token"));

// Say how to ask for the control API's token: a function that promises it.
export function asksWith(how) {
  ask = () => how(sessionStorage.getItem(TOKEN) !== null);
}

// One app of the server.
export class App {
  constructor(id) {
    this.id = id;
  }

  path(...parts) {
    return ["apps", this.id, ...parts].map(encodeURIComponent).join("/");
  }

  get(parts, query, options) {
    return call("GET", this.path(...parts), { query, ...options });
  }

  post(parts, body = {}, options) {
    return call("POST", this.path(...parts), { body, ...options });
  }

  patch(parts, body) {
    return call("PATCH", this.path(...parts), { body });
  }

  put(parts, body = {}) {
    return call("PUT", this.path(...parts), { body });
  }

  delete(parts) {
    return call("DELETE", this.path(...parts));
  }

  // Agents, admins and bots; asked for anew every now and then.
  async staff() {
    if (!this.known || Date.now() - this.knownAt > 10000) {
      const roles = await Promise.all(["admin", "agent", "bot"].map((role) => this.get(["users"], { role })));
      this.known = roles.flatMap((page) => page.users);
      this.knownAt = Date.now();
    }
    return this.known;
  }
}
