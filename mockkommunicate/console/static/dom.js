// The page is built here and nowhere else: elements with attributes and text nodes. Nothing is ever parsed as markup.

const FORBIDDEN = new Set(["innerHTML", "outerHTML", "srcdoc", "href", "src", "style"]);

// Make an element. Attributes that are functions listen; true stands for an empty attribute; null and false for none.
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (FORBIDDEN.has(name)) throw new TypeError(`${name} has a way of its own`);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Put children in the place of all that an element has.
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// A link inside of the console.
export function inside(path, attributes, ...children) {
  const element = h("a", attributes, ...children);
  element.setAttribute("href", `#/${path.map(encodeURIComponent).join("/")}`);
  return element;
}

const KNOWN = new WeakMap(); // of each child its key and its item, as JSON

// Let a parent have one child for each item, in order. A child whose item is as it was stays what it is, with its focus.
export function keyed(parent, items, keyOf, make) {
  const before = new Map([...parent.children].map((child) => [KNOWN.get(child)?.key, child]));
  const focused = parent.contains(document.activeElement) ? focusOf(parent) : null;
  const children = items.map((item) => {
    const key = String(keyOf(item));
    const signature = JSON.stringify(item);
    const old = before.get(key);
    if (old && KNOWN.get(old).signature === signature) return old;
    const child = make(item);
    KNOWN.set(child, { key, signature });
    return child;
  });
  reconcile(parent, children);
  if (focused && !parent.contains(document.activeElement)) restore(parent, focused);
}

function reconcile(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex]";

function focusOf(parent) {
  const child = [...parent.children].find((one) => one.contains(document.activeElement));
  if (!child) return null;
  const inside = [...child.querySelectorAll(FOCUSABLE)];
  return { key: KNOWN.get(child)?.key, place: inside.indexOf(document.activeElement) };
}

function restore(parent, { key, place }) {
  const child = [...parent.children].find((one) => KNOWN.get(one)?.key === key);
  const inside = child ? [child, ...child.querySelectorAll(FOCUSABLE)] : [];
  inside[place + 1]?.focus({ preventScroll: true });
}
