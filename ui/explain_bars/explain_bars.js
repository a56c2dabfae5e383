// The explanation page: where the item stands, the sum that makes its score, its text, a sentence to copy.

const REST_MS = 500; // a second click so soon is the second half of a double click
const COPIED_MS = 2000;
const percent = (share) => `${(100 * share).toFixed(3)}%`;

/** Build the inside of a root once; later calls find it again. */
function once(root, selector, build) {
  let node = root.querySelector(selector);
  if (!node) {
    node = build();
    root.append(node);
  }
  return node;
}

function drawStand(root, data) {
  const card = once(root, ".stand", () => {
    const made = make("div", "stand");
    const name = make("div", "name");
    name.append(make("span", "title"), make("span", "subtitle"));
    name.firstChild.dir = "auto";
    const figures = make("div", "figures");
    figures.append(make("span", "was"), make("span", "rank"), make("span", "score"), make("span", "verdict"));
    const track = make("div", "track");
    track.setAttribute("aria-hidden", "true");
    track.append(make("span", "inside"), make("span", "way"), make("span", "before"), make("span", "now"));
    const ends = make("div", "ends");
    ends.append(make("span"), make("span"), make("span"));
    made.append(name, figures, track, ends);
    return made;
  });
  const find = (selector) => card.querySelector(selector);
  card.style.setProperty("--edge", `var(--slot-${data.slot})`);
  card.dataset.tone = data.tone;
  card.setAttribute("aria-live", "polite");
  say(find(".title"), data.title);
  say(find(".subtitle"), data.subtitle);
  say(find(".was"), data.was);
  say(find(".rank"), data.rank);
  say(find(".score"), data.score);
  say(find(".verdict"), data.said);
  find(".inside").style.width = percent(data.limit);
  const place = (node, at) => {
    node.hidden = at === null;
    if (at !== null) node.style.left = percent(at);
  };
  place(find(".now"), data.at);
  place(find(".before"), data.before);
  const way = find(".way");
  way.hidden = data.at === null || data.before === null;
  if (!way.hidden) {
    way.style.left = percent(Math.min(data.at, data.before));
    way.style.width = percent(Math.abs(data.at - data.before));
  }
  const [first, limit, last] = find(".ends").children;
  say(first, data.words.first);
  say(limit, data.limit_said);
  limit.style.left = percent(data.limit);
  say(last, data.last_said);
}

function newBar() {
  const row = make("li", "bar");
  const name = make("div", "name");
  name.append(make("span", "title"), make("span", "note"));
  name.firstChild.dir = "auto";
  const lane = make("div", "lane");
  lane.append(make("span", "zero"), make("span", "fill"));
  lane.setAttribute("aria-hidden", "true");
  const act = make("button", "act");
  act.type = "button";
  row.append(name, make("span", "value"), lane, act);
  return row;
}

const SIGN = { out: "×", back: "↩", drop: "×" };

function fillBar(row, entry, zero, words) {
  const find = (selector) => row.querySelector(selector);
  row.dataset.kind = entry.kind;
  row.dataset.id = entry.id;
  row.dataset.act = entry.act;
  row.classList.toggle("against", entry.against);
  row.style.setProperty("--edge", entry.kind === "source" ? `var(--slot-${entry.slot})` : "transparent");
  say(find(".title"), entry.title);
  say(find(".note"), entry.note);
  say(find(".value"), entry.value);
  const fill = find(".fill");
  fill.style.left = percent(Math.min(entry.start, entry.end));
  fill.style.width = percent(Math.abs(entry.end - entry.start));
  find(".zero").style.left = percent(zero);
  const act = find(".act");
  act.hidden = entry.act === "";
  if (entry.act) {
    act.textContent = SIGN[entry.act];
    const label = `${words[entry.act]}: ${entry.title}`;
    act.setAttribute("aria-label", label);
    act.title = label;
  }
}

function listen(node) {
  let last = 0;
  node.addEventListener("click", (event) => {
    const row = event.target.closest("[data-act]");
    if (!row || !row.dataset.act || event.timeStamp - last < REST_MS) return;
    last = event.timeStamp;
    node.send("said", { did: row.dataset.act, value: row.dataset.id });
  });
}

function drawBars(root, data, send) {
  const box = once(root, ".sum", () => {
    const made = make("div", "sum");
    const list = make("ol");
    list.setAttribute("role", "list");
    const more = make("button", "more");
    more.type = "button";
    more.addEventListener("click", () => {
      made.toggleAttribute("data-open");
      unfold(made);
    });
    made.append(list, more);
    listen(made);
    return made;
  });
  box.send = send;
  box.firstChild.setAttribute("aria-label", data.name);
  keep(
    box.firstChild,
    data.rows,
    (entry) => `${entry.kind}-${entry.id}`,
    newBar,
    (row, entry) => fillBar(row, entry, data.zero, data.words),
  );
  box.said = data.words;
  box.shown = data.shown;
  unfold(box);
}

/** Show the first rows of the history, or all; what does not belong to it is always there. */
function unfold(box) {
  const sources = [...box.querySelectorAll('.bar[data-kind="source"]')];
  const rest = box.querySelector('.bar[data-kind="rest"]');
  const open = box.hasAttribute("data-open");
  sources.forEach((row, index) => (row.hidden = !open && index >= box.shown));
  if (rest) rest.hidden = open || sources.length <= box.shown;
  const more = box.lastChild;
  more.hidden = sources.length <= box.shown;
  more.textContent = open ? box.said.fewer : box.said.all.replace("{n}", String(sources.length));
  more.setAttribute("aria-expanded", String(open));
}

function drawChips(root, data, send) {
  const box = once(root, ".chips", () => {
    const made = make("div", "chips");
    made.append(make("span", "label"), make("ul"));
    listen(made);
    return made;
  });
  box.send = send;
  say(box.firstChild, data.label);
  keep(
    box.lastChild,
    data.chips,
    (chip) => chip.id,
    () => {
      const item = make("li");
      const button = make("button", "chip");
      button.type = "button";
      button.append(make("span", "title"), make("span", "sign"));
      item.append(button);
      return item;
    },
    (item, chip) => {
      const button = item.firstChild;
      button.dataset.act = chip.act;
      button.dataset.id = chip.id;
      say(button.firstChild, chip.title);
      say(button.lastChild, SIGN[chip.act]);
      button.setAttribute("aria-label", `${data.words[chip.act]}: ${chip.title}`);
    },
  );
}

function drawText(root, data) {
  const box = once(root, ".text", () => make("p", "text"));
  box.dir = "auto";
  box.setAttribute("aria-label", data.name);
  box.replaceChildren(
    ...data.parts.map((part) => {
      if (!part.said) return document.createTextNode(part.text);
      const word = make("mark", part.strength < 0 ? "against" : "for", part.text);
      word.style.setProperty("--strength", `${Math.round(Math.abs(part.strength) * 100)}%`);
      word.title = part.said;
      return word;
    }),
  );
}

function drawCurves(root, data) {
  const box = once(root, ".curves", () => {
    const made = make("figure", "curves");
    made.append(makeSvg("svg", { viewBox: "0 0 320 150", role: "img" }), make("figcaption"));
    return made;
  });
  const svg = box.firstChild;
  svg.setAttribute("aria-label", data.name);
  const at = ([x, y]) => `${(8 + 304 * x).toFixed(1)},${(140 - 128 * y).toFixed(1)}`;
  const frame = makeSvg("path", { d: "M8 6V140H314", class: "frame" });
  svg.replaceChildren(
    frame,
    ...data.lines.map((line) => makeSvg("polyline", { points: line.points.map(at).join(" "), class: line.kind })),
  );
  keep(
    box.lastChild,
    [...data.lines.map((line) => ({ text: line.name, kind: line.kind })), { text: data.axes.join(" · "), kind: "axes" }],
    (entry, index) => index,
    () => make("span"),
    (node, entry) => {
      node.className = `key ${entry.kind}`;
      say(node, entry.text);
    },
  );
}

/** Copy where the browser allows it; over plain http only the old way works. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = make("textarea");
    field.value = text;
    field.style.position = "fixed";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

function drawSaid(root, data) {
  const box = once(root, ".said", () => {
    const made = make("div", "said");
    const button = make("button", "copy");
    button.type = "button";
    button.addEventListener("click", async () => {
      await copy(made.firstChild.textContent);
      button.textContent = made.words.copied;
      setTimeout(() => (button.textContent = made.words.copy), COPIED_MS);
    });
    made.append(make("p"), button);
    made.firstChild.dir = "auto";
    return made;
  });
  box.words = data.words;
  say(box.firstChild, data.text);
  box.lastChild.textContent = data.words.copy;
}

const DRAW = {
  stand: drawStand,
  bars: drawBars,
  chips: drawChips,
  text: drawText,
  curves: drawCurves,
  said: drawSaid,
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".rs");
  followTheme(root);
  DRAW[data.kind](root, data, setTriggerValue);
  root.dataset.drawn = data.seq;
}
