// Lists side by side: the columns are ordered lists, the lines between them are drawn from where the items ended up.

function newItem(entry) {
  const node = make("li", "item");
  const words = make("div", "words");
  const notes = make("div", "notes");
  notes.append(make("span", "note"), make("span", "chips"));
  words.append(make("span", "title"), make("span", "subtitle"), notes);
  node.append(make("span", "rank"), words);
  node.addEventListener("pointerenter", () => point(node, entry.id));
  node.addEventListener("pointerleave", () => point(node, null));
  return node;
}

/** Point out one item wherever it stands, null for none. */
function point(node, id) {
  const stage = node.closest(".stage");
  stage.classList.toggle("focused", id !== null);
  for (const one of stage.querySelectorAll("[data-item]")) one.classList.toggle("on", one.dataset.item === id);
}

function fillItem(node, entry) {
  node.dataset.item = entry.id;
  node.dataset.kind = entry.kind;
  node.style.setProperty("--tone", `var(--slot-${entry.slot})`);
  say(node.querySelector(".rank"), String(entry.rank));
  say(node.querySelector(".title"), entry.title);
  say(node.querySelector(".subtitle"), entry.subtitle);
  say(node.querySelector(".note"), entry.note);
  const chips = node.querySelector(".chips");
  keep(chips, entry.chips, (_, place) => place, () => make("span", "chip"), fillChip);
  chips.hidden = entry.chips.length === 0;
}

function fillChip(node, [text, words, own]) {
  say(node, text);
  node.title = words;
  node.classList.toggle("own", own);
}

function newColumn() {
  const node = make("section", "column");
  const head = make("div", "head");
  const names = make("div", "names");
  names.append(make("span", "what"), make("span", "how"));
  head.append(make("span", "side"), names);
  node.append(head, make("p", "empty"), make("ol", "list"));
  return node;
}

function fillColumn(node, column) {
  node.dataset.side = column.side;
  node.setAttribute("aria-label", column.label);
  say(node.querySelector(".side"), column.side);
  say(node.querySelector(".what"), column.title);
  say(node.querySelector(".how"), column.subtitle);
  say(node.querySelector(".empty"), column.empty);
  const list = node.querySelector(".list");
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", column.label);
  keep(list, column.entries, (entry) => entry.id, newItem, fillItem);
}

function drawLines(stage) {
  const wires = stage.querySelector(".wires");
  const origin = stage.getBoundingClientRect();
  const columns = [...stage.querySelectorAll(".column")];
  wires.replaceChildren();
  wires.setAttribute("width", origin.width);
  wires.setAttribute("height", origin.height);
  columns.slice(1).forEach((column, number) => {
    const left = new Map([...columns[number].querySelectorAll(".item")].map((node) => [node.dataset.item, node]));
    for (const node of column.querySelectorAll(".item")) {
      const other = left.get(node.dataset.item);
      if (other) wires.append(lineBetween(other, node, origin));
    }
  });
}

function lineBetween(from, to, origin) {
  const [start, end] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
  const [x, y] = [start.right - origin.left, start.top + start.height / 2 - origin.top];
  const [u, v] = [end.left - origin.left, end.top + end.height / 2 - origin.top];
  const middle = (x + u) / 2;
  const line = makeSvg("path", { class: "wire", d: `M${x} ${y}C${middle} ${y} ${middle} ${v} ${u} ${v}` });
  line.dataset.item = to.dataset.item;
  line.dataset.kind = to.dataset.kind;
  return line;
}

function buildStage(root) {
  const stage = make("div", "stage");
  stage.append(makeSvg("svg", { class: "wires", "aria-hidden": "true" }), make("div", "columns"));
  root.replaceChildren(stage);
  stage.watcher = new ResizeObserver(() => drawLines(stage));
  return stage;
}

function drawLists(root, data) {
  const stage = root.querySelector(".stage") ?? buildStage(root);
  const columns = stage.querySelector(".columns");
  columns.style.setProperty("--columns", data.columns.length);
  columns.dataset.columns = data.columns.length;
  keep(columns, data.columns, (column) => column.side, newColumn, fillColumn);
  drawLines(stage);
  stage.watcher.observe(stage);
  return () => stage.watcher.disconnect();
}

/** A cell that stays a cell when the style sheet lays it out otherwise. */
function cell(tag, role, className, text) {
  const node = make(tag, className, text);
  node.setAttribute("role", role);
  return node;
}

function figureRow(row, data) {
  const line = cell("tr", "row", "", null);
  const name = cell("th", "rowheader", "name", row.label);
  name.scope = "row";
  name.title = row.note;
  line.append(name);
  row.values.forEach(([figure, interval], place) => {
    const side = data.sides[place];
    const box = cell("td", "cell", side === row.best ? "value best" : "value", null);
    box.append(make("span", "of", side), make("span", "figure", figure), make("span", "interval", interval));
    line.append(box);
  });
  row.verdicts.forEach(([text, kind]) => line.append(cell("td", "cell", `verdict ${kind}`, text)));
  return line;
}

function drawFigures(root, data) {
  const table = make("table", "figures");
  table.setAttribute("role", "table");
  table.setAttribute("aria-label", data.label);
  const [head, body] = [cell("thead", "rowgroup", "", null), cell("tbody", "rowgroup", "", null)];
  const heads = cell("tr", "row", "", null);
  for (const text of data.heads) heads.append(cell("th", "columnheader", "", text));
  head.append(heads);
  body.append(...data.rows.map((row) => figureRow(row, data)));
  table.append(head, body);
  root.replaceChildren(table);
  return () => {};
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".rs");
  followTheme(root);
  const done = data.kind === "lists" ? drawLists(root, data) : drawFigures(root, data);
  root.dataset.drawn = data.seq;
  return done;
}
