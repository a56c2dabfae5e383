// Shared by every small component: elements made from text only, lists updated in place, and the ground's brightness.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/** A new element with a class, and text that stays text. */
function make(tag, className = "", text = null) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== null) node.textContent = text;
  return node;
}

/** A new SVG element with attributes. */
function makeSvg(tag, attributes = {}) {
  const node = document.createElementNS(SVG_NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** Set an element's text, hide it when empty; untouched when nothing changed. */
function say(node, text) {
  const next = text ?? "";
  if (node.textContent !== next) node.textContent = next;
  node.hidden = next === "";
}

/** Children of `list` become one node per entry, in order; a node is kept as long as its entry's key lives. */
function keep(list, entries, keyOf, create, update) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let place = list.firstElementChild;
  entries.forEach((entry, index) => {
    const key = String(keyOf(entry, index));
    let node = old.get(key);
    if (node) old.delete(key);
    else {
      node = create(entry);
      node.dataset.key = key;
    }
    update(node, entry, index);
    if (node === place) place = place.nextElementSibling;
    else list.insertBefore(node, place);
  });
  for (const node of old.values()) node.remove();
}

/** Mark the root as dark when the theme's background is, so that the palette's dark shades apply. */
function followTheme(root) {
  const probe = make("span");
  probe.style.color = "var(--st-background-color)";
  probe.hidden = true;
  root.appendChild(probe);
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g) ?? ["255", "255", "255"];
  probe.remove();
  const [red, green, blue] = parts.map(Number);
  root.toggleAttribute("data-dark", 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128);
}

const wantsStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

