// The Diversity page: the list before and the list after, and the figures of everybody.

const SIGNS = { entered: "+", left: "−", up: "▲", down: "▼", same: "" };
const MOST_ROWS = 20; // of lists that are shown whole: longer ones scroll, so that what stands below stays near
const VERDICTS = { better: "▲", worse: "▼", otherwise: "◆", unsure: "≈" };

function newRow() {
  const row = make("li", "row");
  const name = make("div", "name");
  name.append(make("span", "title"), make("span", "subtitle"));
  row.append(make("span", "rank"), name, make("span", "mark"), make("div", "why"));
  row.querySelector(".title").dir = "auto";
  return row;
}

function fillRow(row, entry) {
  const find = (selector) => row.querySelector(selector);
  row.style.setProperty("--edge", `var(--slot-${entry.slot})`);
  row.dataset.mark = entry.mark;
  say(find(".rank"), String(entry.rank));
  say(find(".title"), entry.title);
  say(find(".subtitle"), entry.subtitle);
  say(find(".mark"), entry.said ? `${SIGNS[entry.mark]} ${entry.said}`.trim() : "");
  say(find(".why"), entry.why);
}

/** Let rows that moved glide from where they stood, and new ones fade in. */
function glide(rows, before) {
  if (wantsStillness() || before.size === 0 || rows.length > 60) return;
  const timing = { duration: 200, easing: "ease-out" };
  const places = rows.map((row) => [row, row.offsetTop]);
  for (const [row, now] of places) {
    const then = before.get(row);
    if (then === undefined) row.animate([{ opacity: 0 }, { opacity: 1 }], timing);
    else if (then !== now) row.animate([{ transform: `translateY(${then - now}px)` }, { transform: "none" }], timing);
  }
}

/** Pointing at an item shows where it stands in the other list. */
function point(root, key) {
  for (const row of root.querySelectorAll(".row")) row.classList.toggle("same-item", row.dataset.key === key);
}

function drawLists(root, data) {
  let both = root.querySelector(".both");
  if (!both) {
    both = make("div", "both");
    root.append(both);
    both.addEventListener("pointerover", (event) => point(root, event.target.closest(".row")?.dataset.key));
    both.addEventListener("pointerleave", () => point(root, null));
  }
  const long = data.entries.some((side) => side.rows.length > MOST_ROWS);
  both.classList.toggle("long", long);
  if (long) both.tabIndex = 0;
  else both.removeAttribute("tabindex");
  const old = new Map([...both.querySelectorAll(".row")].map((row) => [row, row.offsetTop]));
  keep(
    both,
    data.entries,
    (side) => side.kind,
    (side) => {
      const column = make("section", side.kind);
      const list = make("ol");
      list.setAttribute("role", "list");
      column.append(make("h3"), list);
      return column;
    },
    (column, side) => {
      say(column.firstChild, side.name);
      column.lastChild.setAttribute("aria-label", side.name);
      keep(column.lastChild, side.rows, (entry) => entry.id, newRow, fillRow);
    },
  );
  glide([...both.querySelectorAll(".row")], old);
}

function newTile() {
  const tile = make("div", "tile");
  const verdict = make("dd", "verdict");
  verdict.append(make("span"), " ", make("span"), " ", make("span"));
  verdict.firstChild.setAttribute("aria-hidden", "true");
  tile.append(make("dt"), make("dd", "value"), make("dd", "interval"), verdict, make("dd", "change"));
  return tile;
}

function fillTile(tile, [label, value, interval, share, change, kind, said, about]) {
  tile.dataset.kind = kind;
  tile.title = about;
  const [name, figure, range, verdict, delta] = tile.children;
  say(name, label);
  say(figure, value);
  say(range, interval);
  say(verdict.children[0], VERDICTS[kind]);
  say(verdict.children[1], share);
  say(verdict.children[2], said);
  verdict.hidden = said === "";
  say(delta, change);
}

function drawTiles(root, data) {
  let list = root.querySelector("dl.tiles");
  if (!list) {
    list = make("dl", "tiles");
    root.append(list);
  }
  list.setAttribute("aria-label", data.name);
  keep(list, data.entries, (entry, index) => index, newTile, fillTile);
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".rs");
  followTheme(root);
  ({ lists: drawLists, tiles: drawTiles })[data.kind](root, data);
  root.dataset.drawn = data.seq;
}
