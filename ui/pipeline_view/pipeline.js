// The stations are an ordered list that CSS lays out; the wires between them are drawn from where they ended up.

const ICONS = {
  behaviour: "M3 18c3-1 4-9 7-9s3 6 6 6 3-7 5-9M3 21h18",
  cleaning: "M4 5h16l-6.2 7.4V19l-3.6-2v-4.6z",
  embedding: "M12 3v9m0 0 8 5m-8-5-8 5M12 3h.01M20 17h.01M4 17h.01M12 12h.01",
  similarity: "M9 4a6.5 6.5 0 1 0 0 13A6.5 6.5 0 0 0 9 4zm6 3a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z",
  diversity: "M12 3v4m0 4-5 4m5-4 5 4M12 7a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM5 15l4 .01-2 4zm10 0h4v4h-4z",
  list: "M9 6h11M9 12h8M9 18h5M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  feedback: "M20 12a8 8 0 1 1-2.6-5.9M20 3v4.5h-4.5",
};

function newNode() {
  const node = make("li", "node");
  const head = make("div", "head");
  const icon = makeSvg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" });
  icon.append(makeSvg("path"));
  head.append(icon, make("span"));
  node.append(head, make("div", "figure"), make("div", "caption"));
  return node;
}

function fillNode(node, entry) {
  node.classList.toggle("later", !entry.active);
  const [head, figure, caption] = node.children;
  const shape = ICONS[entry.icon];
  head.firstChild.style.display = shape ? "" : "none";
  head.firstChild.firstChild.setAttribute("d", shape ?? "");
  say(head.lastChild, entry.title);
  say(figure, entry.figure);
  say(caption, entry.caption);
}

/** Boxes of the stations, in the stage's own pixels. */
function boxesOf(stage, flow) {
  const origin = stage.getBoundingClientRect();
  return [...flow.children].map((node) => {
    const box = node.getBoundingClientRect();
    const [left, top] = [box.left - origin.left, box.top - origin.top];
    return { left, top, right: left + box.width, bottom: top + box.height, x: left + box.width / 2, y: top + box.height / 2 };
  });
}

/** A straight wire between neighbours: sideways in a row, downwards (or upwards) between rows. */
function straight(from, to) {
  if (to.left >= from.right) return [[from.right, 34 + from.top], [to.left, 34 + to.top], "right"];
  if (to.right <= from.left) return [[from.left, 34 + from.top], [to.right, 34 + to.top], "left"];
  if (to.top >= from.bottom) return [[from.x, from.bottom], [to.x, to.top], "down"];
  return [[from.x, from.top], [to.x, to.bottom], "up"];
}

const TIPS = { right: [-7, -4.5, -7, 4.5], left: [7, -4.5, 7, 4.5], down: [-4.5, -7, 4.5, -7], up: [-4.5, 7, 4.5, 7] };

function draw(wires, path, [x, y], way, active) {
  const state = active ? "" : " later";
  wires.append(makeSvg("path", { class: `wire${state}`, d: path }));
  if (active) wires.append(makeSvg("path", { class: "pulse", d: path }));
  const [ax, ay, bx, by] = TIPS[way];
  wires.append(makeSvg("path", { class: `tip${state}`, d: `M${x} ${y}l${ax} ${ay}L${x + bx} ${y + by}z` }));
}

/** Back from the last station to the first: under the row, up the column, or along the left side. */
function drawLoop(stage, wires, first, last, active) {
  const label = stage.querySelector(".loop");
  const radius = 12;
  label.style.left = label.style.top = "";
  if (last.top < first.bottom && last.left > first.right) {
    const low = Math.max(first.bottom, last.bottom) + 30;
    const path =
      `M${last.x} ${last.bottom}V${low - radius}q0 ${radius} ${-radius} ${radius}` +
      `H${first.x + radius}q${-radius} 0 ${-radius} ${-radius}V${first.bottom}`;
    draw(wires, path, [first.x, first.bottom], "up", active);
    label.style.left = `${(first.x + last.x) / 2}px`;
    label.style.top = `${low}px`;
  } else if (Math.abs(last.left - first.left) < 2 && last.left > 20) {
    const side = last.left - 18;
    const path =
      `M${last.left} ${last.y}H${side + radius}q${-radius} 0 ${-radius} ${-radius}` +
      `V${first.y + radius}q0 ${-radius} ${radius} ${-radius}H${first.left}`;
    draw(wires, path, [first.left, first.y], "right", active);
  } else if (last.top >= first.bottom && last.left <= first.x && last.right >= first.x) {
    draw(wires, `M${first.x} ${last.top}V${first.bottom}`, [first.x, first.bottom], "up", active);
  } else {
    const [start, end, way] = straight(last, first);
    draw(wires, `M${start}L${end}`, end, way, active);
  }
}

function drawWires(stage) {
  const flow = stage.querySelector(".flow");
  const wires = stage.querySelector(".wires");
  const active = [...flow.children].map((node) => !node.classList.contains("later"));
  const boxes = boxesOf(stage, flow);
  wires.replaceChildren();
  if (boxes.length < 2) return;
  for (let index = 1; index < boxes.length; index += 1) {
    const [start, end, way] = straight(boxes[index - 1], boxes[index]);
    draw(wires, `M${start}L${end}`, end, way, active[index - 1] && active[index]);
  }
  drawLoop(stage, wires, boxes[0], boxes[boxes.length - 1], active[active.length - 1]);
}

function build(root) {
  const stage = make("div", "stage");
  const flow = make("ol", "flow");
  flow.setAttribute("role", "list");
  stage.append(makeSvg("svg", { class: "wires", "aria-hidden": "true" }), flow, make("span", "loop"));
  root.append(stage);
  stage.watcher = new ResizeObserver(() => drawWires(stage));
  stage.watcher.observe(stage);
  return stage;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".rs");
  followTheme(root);
  const stage = root.querySelector(".stage") ?? build(root);
  const flow = stage.querySelector(".flow");
  flow.setAttribute("aria-label", data.words.label);
  keep(flow, data.nodes, (entry, index) => index, newNode, fillNode);
  say(stage.querySelector(".loop"), data.words.loop);
  drawWires(stage);
  root.dataset.drawn = data.seq;
  return () => stage.watcher.disconnect();
}
