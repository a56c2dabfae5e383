// What a reader does on the cards: each deed gets its id here, and is sent until the page says that it is settled.

const DEEDS = ["click", "like", "dislike", "not-now", "watched"];
const ICONS = {
  click: "M5 3l5.5 17 2.6-6.9L20 10.5z",
  like: "M7.5 11v9.5H4V11zM7.5 11l4-8c1.7 0 2.6 1.2 2.3 2.9L13 9.5h5.3c1.5 0 2.3 1.2 2 2.5l-1.7 6.7c-.3 1.1-1.2 1.8-2.4 1.8H7.5",
  dislike: "M16.5 13V3.5H20V13zM16.5 13l-4 8c-1.7 0-2.6-1.2-2.3-2.9l.8-3.6H5.7c-1.5 0-2.3-1.2-2-2.5l1.7-6.7c.3-1.1 1.2-1.8 2.4-1.8h8.7",
  "not-now": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
  watched: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
};
const STILL_MS = 350;
const AGAIN_MS = 4000;

function newActions() {
  const bar = make("div", "actions");
  bar.setAttribute("role", "toolbar");
  for (const deed of DEEDS) {
    const button = make("button", "deed");
    button.type = "button";
    button.dataset.deed = deed;
    const icon = makeSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
    icon.append(makeSvg("path", { d: ICONS[deed] }));
    button.append(icon);
    bar.append(button);
  }
  const why = make("a", "reason");
  bar.append(why);
  const stops = [...bar.children];
  stops.forEach((node, place) => (node.tabIndex = place ? -1 : 0));
  bar.addEventListener("focusin", (event) => stops.forEach((node) => (node.tabIndex = node === event.target ? 0 : -1)));
  return bar;
}

function fillActions(bar, entry, acting) {
  bar.setAttribute("aria-label", acting.words.actions.replace("{title}", entry.title));
  for (const button of bar.querySelectorAll(".deed")) {
    const said = acting.words[button.dataset.deed];
    button.title = said;
    button.setAttribute("aria-label", `${said}: ${entry.title}`);
    button.setAttribute("aria-pressed", String(entry.given === button.dataset.deed));
  }
  const why = bar.querySelector(".reason");
  why.hidden = !entry.link;
  if (entry.link) why.href = entry.link;
  why.setAttribute("aria-label", `${acting.words.why} ${entry.title}`);
  say(why, acting.words.why);
  why.hidden = !entry.link;
}

/** The id of a deed: 32 hex digits, made where it is done, so that sending it twice stores it once. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID().replaceAll("-", "");
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** All that is not settled goes along each time: of two messages on their way, the later one may be the only one read. */
function send(root) {
  const { outbox, trigger } = root.acting;
  clearTimeout(root.acting.timer);
  if (outbox.size === 0) return;
  trigger("act", [...outbox.values()]);
  root.acting.timer = setTimeout(() => root.isConnected && send(root), AGAIN_MS);
}

function act(root, card, deed) {
  const state = root.acting;
  const item = card.dataset.key;
  const given = card.querySelector(`.deed[data-deed="${deed}"]`).getAttribute("aria-pressed") === "true";
  const waiting = [...state.outbox.values()].some((one) => one.item === item && one.deed === deed);
  if (given || waiting || performance.now() - state.movedAt < STILL_MS) return;
  const event = { id: newId(), item, deed, of: state.of };
  state.outbox.set(event.id, event);
  card.querySelector(`.deed[data-deed="${deed}"]`).setAttribute("aria-pressed", "true");
  card.setAttribute("aria-busy", "true");
  send(root);
}

function listen(root, list) {
  list.addEventListener("click", (event) => {
    const why = event.target.closest(".reason");
    if (why && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
      event.preventDefault(); // in this window without loading everything anew; a link in all other ways
      root.acting.trigger("why", why.closest(".card").dataset.key);
      return;
    }
    const hit = event.target.closest("[data-deed]");
    const second = event.detail > 1; // of a double click, which may land on the card that has moved in
    if (root.acting && hit && !second) act(root, hit.closest(".card"), hit.dataset.deed);
  });
  list.addEventListener("keydown", (event) => {
    const at = event.target.closest(".actions > *");
    if (!at) return;
    if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const stops = [...at.parentElement.children].filter((node) => !node.hidden);
    stops[(stops.indexOf(at) + step + stops.length) % stops.length].focus();
    event.preventDefault();
  });
}

/** Take up what the page says: what is settled, whose cards these are, and how to answer. */
function takeUp(root, acting, trigger) {
  root.acting ??= { outbox: new Map(), movedAt: -STILL_MS };
  Object.assign(root.acting, { of: acting.of, trigger });
  for (const id of acting.settled) root.acting.outbox.delete(id);
  if (root.acting.outbox.size === 0) clearTimeout(root.acting.timer);
}

/** Where the keyboard was before a drawing: the card's place and the control on it; null when it was elsewhere. */
function focusOn(list) {
  const at = list.getRootNode().activeElement;
  const card = at?.closest(".actions") && at.closest(".card");
  if (!card || !list.contains(card)) return null;
  return { card, place: [...list.children].indexOf(card), control: [...at.parentElement.children].indexOf(at) };
}

/** When the card that had the keyboard is gone, the one in its place takes over. */
function focusBack(list, was) {
  if (!was || was.card.isConnected) return;
  const card = list.children[Math.min(was.place, list.children.length - 1)];
  card?.querySelector(".actions")?.children[was.control]?.focus({ preventScroll: true });
}
