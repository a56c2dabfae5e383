// Five small drawings of lists: the ranked list, where it comes from, what left it, the user's history, key figures.

const SYMBOLS = { new: "+", up: "▲", down: "▼" };

function newCard(acting) {
  const card = make("li", "card");
  const name = make("div", "name");
  name.append(make("div", "title"), make("div", "subtitle"));
  const near = make("div", "near");
  near.append(make("span"), make("b"));
  const score = make("div", "score");
  const bar = make("div", "bar");
  bar.append(make("span", "fill"));
  const number = make("div", "number");
  number.append(make("span"), " ", make("span", "unit"));
  score.append(bar, number);
  const kinds = make("ul", "kinds");
  kinds.setAttribute("role", "list");
  const channels = make("ul", "channels");
  channels.setAttribute("role", "list");
  card.append(make("span", "rank"), name, make("span", "change"), kinds, channels, make("div", "why"), near, score);
  const title = card.querySelector(".title");
  title.dir = "auto";
  if (!acting) return card;
  title.dataset.deed = "click";
  card.append(newActions());
  return card;
}

function newChip() {
  const chip = make("li", "chip");
  const short = make("span");
  short.setAttribute("aria-hidden", "true");
  chip.append(short, make("span", "spoken"));
  return chip;
}

function fillChip(chip, [text, spoken, own]) {
  chip.title = spoken;
  chip.classList.toggle("own", own);
  say(chip.firstChild, text);
  say(chip.lastChild, spoken);
}

function fillCard(card, entry, words, acting) {
  const find = (selector) => card.querySelector(selector);
  card.style.setProperty("--edge", `var(--slot-${entry.kinds[0]?.[1] ?? 9})`);
  say(find(".rank"), String(entry.rank));
  say(find(".title"), entry.title);
  find(".title").title = acting ? `${acting.words.click}: ${entry.title}` : entry.title;
  say(find(".subtitle"), entry.subtitle);
  keep(
    find(".kinds"),
    entry.kinds,
    ([name]) => name,
    () => {
      const kind = make("li", "kind");
      kind.append(make("span", "dot"), make("span"));
      return kind;
    },
    (kind, [name, slot]) => {
      kind.style.setProperty("--tone", `var(--slot-${slot})`);
      say(kind.lastChild, name);
    },
  );
  find(".kinds").hidden = entry.kinds.length === 0;
  const channels = find(".channels");
  channels.setAttribute("aria-label", words.channels);
  keep(channels, entry.channels, (chip, place) => place, newChip, fillChip);
  channels.hidden = entry.channels.length === 0;
  card.classList.toggle("merged", !channels.hidden);
  const why = find(".why");
  why.hidden = !entry.why;
  card.classList.toggle("reasoned", !why.hidden);
  say(why, entry.why);
  const near = find(".near");
  const nearest = entry.because || entry.closest.join(", ");
  near.hidden = !nearest;
  say(near.firstChild, nearest && `${entry.because ? words.because : words.closest} `);
  say(near.lastChild, nearest);
  find(".fill").style.width = `${100 * entry.share}%`;
  say(find(".number").firstChild, entry.score);
  say(find(".unit"), entry.unit);
  const change = find(".change");
  change.dataset.kind = entry.change[0];
  say(change, entry.change[1] ? `${SYMBOLS[entry.change[0]] ?? ""} ${entry.change[1]}`.trim() : "");
  card.removeAttribute("aria-busy");
  if (acting) fillActions(find(".actions"), entry, acting);
}

/** Let cards that moved glide from where they stood, and new ones fade in. */
function glide(list, before) {
  if (wantsStillness() || before.size === 0 || list.children.length > 60) return;
  const places = [...list.children].map((node) => [node, node.getBoundingClientRect()]);
  for (const [node, now] of places) {
    const then = before.get(node.dataset.key);
    if (!then) node.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 220, easing: "ease-out" });
    else if (Math.abs(then.left - now.left) + Math.abs(then.top - now.top) > 1)
      node.animate(
        [{ transform: `translate(${then.left - now.left}px, ${then.top - now.top}px)` }, { transform: "none" }],
        { duration: 220, easing: "ease-out" },
      );
  }
}

function drawCards(root, data, trigger) {
  let list = root.querySelector("ol.cards");
  if (!list) {
    list = make("ol");
    list.setAttribute("role", "list");
    root.append(list);
    listen(root, list);
  }
  const { acting } = data;
  if (acting) takeUp(root, acting, trigger);
  if (list.classList.contains("acting") !== Boolean(acting)) list.replaceChildren();
  list.className = `cards ${data.layout}`;
  list.classList.toggle("acting", Boolean(acting));
  list.setAttribute("aria-label", data.words.list);
  const stood = [...list.children];
  const before = new Map(stood.map((node) => [node.dataset.key, node.getBoundingClientRect()]));
  const keyboard = focusOn(list);
  const update = (card, entry) => fillCard(card, entry, data.words, acting);
  keep(list, data.entries, (entry) => entry.id, () => newCard(Boolean(acting)), update);
  if (acting && stood.some((node, place) => list.children[place] !== node)) root.acting.movedAt = performance.now();
  focusBack(list, keyboard);
  glide(list, before);
}

function drawLeft(root, data) {
  let list = root.querySelector("ul.left");
  if (!list) {
    list = make("ul", "left");
    list.setAttribute("role", "list");
    root.append(list);
  }
  list.setAttribute("aria-label", data.words.left);
  list.hidden = data.entries.length === 0;
  keep(
    list,
    data.entries,
    (entry) => entry.id,
    () => {
      const item = make("li", "left-item");
      item.append(make("span", "sign", "−"), make("span", "what"), make("span", "was"));
      item.children[1].dir = "auto";
      return item;
    },
    (item, entry) => {
      say(item.children[1], entry.title);
      item.querySelector(".what").title = entry.title;
      say(item.children[2], entry.was);
    },
  );
}

function newPast() {
  const item = make("li", "past");
  const meta = make("div", "meta");
  meta.append(make("span", "rating"), make("span", "live"), make("span", "date"));
  const what = make("div", "what");
  what.dir = "auto";
  item.append(what, meta);
  return item;
}

function drawStrip(root, data) {
  let strip = root.querySelector(".strip");
  if (!strip) {
    strip = make("div", "strip");
    strip.tabIndex = 0;
    strip.setAttribute("role", "region");
    const list = make("ol");
    list.setAttribute("role", "list");
    strip.append(list);
    root.append(strip);
  }
  strip.setAttribute("aria-label", data.words.history);
  const entries = data.more ? [...data.entries, { id: "…more", title: data.more, slot: 9, last: true }] : data.entries;
  keep(strip.firstChild, entries, (entry) => entry.id, newPast, (item, entry) => {
    item.classList.toggle("more", Boolean(entry.last));
    item.style.setProperty("--tone", `var(--slot-${entry.slot})`);
    say(item.querySelector(".what"), entry.title);
    item.querySelector(".what").title = entry.title;
    say(item.querySelector(".rating"), entry.rating);
    say(item.querySelector(".date"), entry.date);
    say(item.querySelector(".live"), entry.live);
    item.classList.toggle("fresh", Boolean(entry.live));
  });
  if (strip.dataset.of !== data.of) strip.scrollLeft = 0;
  strip.dataset.of = data.of;
}

function drawTiles(root, data) {
  let list = root.querySelector("dl.tiles");
  if (!list) {
    list = make("dl", "tiles");
    root.append(list);
  }
  keep(
    list,
    data.entries,
    (entry, index) => index,
    () => {
      const tile = make("div", "tile");
      tile.append(make("dt"), make("dd", "value"), make("dd", "note"));
      return tile;
    },
    (tile, [label, value, note]) => {
      say(tile.children[0], label);
      say(tile.children[1], value);
      say(tile.children[2], note);
    },
  );
}

function newSource() {
  const row = make("li", "source");
  const bar = make("span", "bar");
  bar.append(make("span", "fill"));
  row.append(make("span", "what"), make("span", "count"), bar);
  return row;
}

function newMeaning() {
  const meaning = make("li", "meaning");
  meaning.append(make("span", "chip"), make("span"));
  return meaning;
}

function drawChannels(root, data) {
  let box = root.querySelector(".sources");
  if (!box) {
    box = make("div", "sources");
    box.append(make("p"), make("ul", "shares"), make("p"), make("ul", "legend"));
    for (const list of box.querySelectorAll("ul")) list.setAttribute("role", "list");
    root.append(box);
  }
  const [lead, list, note, legend] = box.children;
  say(lead, data.lead);
  say(note, data.note);
  list.setAttribute("aria-label", data.lead);
  keep(list, data.entries, ([name]) => name, newSource, (row, [name, count, share]) => {
    say(row.querySelector(".what"), name);
    say(row.querySelector(".count"), count);
    row.querySelector(".fill").style.width = `${100 * share}%`;
  });
  keep(legend, data.legend, (entry, index) => index, newMeaning, (row, [sample, own, meaning]) => {
    row.firstChild.classList.toggle("own", own);
    say(row.firstChild, sample);
    say(row.lastChild, meaning);
  });
}

const DRAW = { cards: drawCards, channels: drawChannels, left: drawLeft, strip: drawStrip, tiles: drawTiles };

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".rs");
  followTheme(root);
  DRAW[data.kind](root, data, setTriggerValue);
  root.dataset.drawn = data.seq;
}
