// The marks on the 2-D canvas above the points. Shapes differ as well as colours.

const NUMBERED = 30; // a list up to this long shows its ranks at any zoom
const TITLED = 14; // titles written beside marks
const CROWD = 120; // a history longer than this is drawn in hair lines,
const CLOSE = 3; // until one has zoomed in this far
const NARROW = 480; // px below which the stage is a phone's

const glyphs = {
  user: { radius: 12, trace: (pen, x, y, r) => polygon(pen, x, y, r, 10, (i) => (i % 2 ? 0.45 : 1)) },
  phrase: { radius: 11, trace: (pen, x, y, r) => polygon(pen, x, y, r, 4) },
  ranked: { radius: 5.5, trace: (pen, x, y, r) => pen.arc(x, y, r, 0, 7) },
  history: { radius: 4.6, hollow: true, trace: (pen, x, y, r) => pen.arc(x, y, r, 0, 7) },
  hits: { radius: 6.5, trace: (pen, x, y, r) => polygon(pen, x, y, r, 3) },
  neighbours: { radius: 4.4, trace: (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r) },
  left: {
    radius: 5,
    hollow: true,
    trace(pen, x, y, r) {
      for (const turn of [-1, 1]) {
        pen.moveTo(x - r, y - turn * r);
        pen.lineTo(x + r, y + turn * r);
      }
    },
  },
  arrows: { radius: 7, hollow: true, trace: (pen, x, y, r) => arrow(pen, [x - r, y + r / 2], [x + r, y - r / 2]) },
  focus: {
    radius: 11,
    hollow: true,
    trace(pen, x, y, r) {
      pen.arc(x, y, r, 0, 7);
      for (const [dx, dy] of [[1, 0], [0, 1], [-1, 0], [0, -1]]) {
        pen.moveTo(x + dx * (r - 3), y + dy * (r - 3));
        pen.lineTo(x + dx * (r + 4), y + dy * (r + 4));
      }
    },
  },
};

function polygon(pen, x, y, r, corners, reach = () => 1) {
  for (let i = 0; i < corners; i++) {
    const turn = (i / corners) * 2 * Math.PI - Math.PI / 2;
    pen[i ? "lineTo" : "moveTo"](x + Math.cos(turn) * r * reach(i), y + Math.sin(turn) * r * reach(i));
  }
  pen.closePath();
}

const BEND = 0.16; // how far an arrow leaves the straight line, as a share of its length
const HEAD = 8; // px

/** A bent arrow; arrows that cross stay apart, and one there and back is two. */
function arrow(pen, [x0, y0], [x1, y1]) {
  const [mx, my] = [(x0 + x1) / 2 - BEND * (y1 - y0), (y0 + y1) / 2 + BEND * (x1 - x0)];
  pen.moveTo(x0, y0);
  pen.quadraticCurveTo(mx, my, x1, y1);
  const turn = Math.atan2(y1 - my, x1 - mx);
  const head = Math.min(HEAD, Math.hypot(x1 - x0, y1 - y0) / 2);
  for (const side of [-0.5, 0.5]) {
    pen.moveTo(x1, y1);
    pen.lineTo(x1 - head * Math.cos(turn + side), y1 - head * Math.sin(turn + side));
  }
}

/** thin: a hair line without its halo, for marks that would hide what lies under them. */
function glyph(pen, role, x, y, theme, r = glyphs[role].radius, thin = false) {
  pen.beginPath();
  glyphs[role].trace(pen, x, y, r);
  pen.lineJoin = "round";
  if (thin) {
    pen.globalAlpha = 0.55;
    pen.strokeStyle = theme[role];
    pen.lineWidth = 1;
    pen.stroke();
    pen.globalAlpha = 1;
    return;
  }
  pen.strokeStyle = `rgb(${theme.back.join(" ")})`;
  pen.lineWidth = glyphs[role].hollow ? 4.6 : 3.4;
  pen.stroke();
  if (glyphs[role].hollow) {
    pen.strokeStyle = theme[role];
    pen.lineWidth = 2;
    pen.stroke();
  } else {
    pen.fillStyle = theme[role];
    pen.fill();
  }
}

/** Marks are a little smaller on a phone. */
const sizeOf = (view, role) => glyphs[role].radius * (view.width < NARROW ? 0.8 : 1);

function drawInk(view) {
  const { ink: pen, overlay, theme, density, width, height } = view;
  pen.setTransform(density, 0, 0, density, 0, 0);
  pen.clearRect(0, 0, width, height);
  const around = radiusOf(view) + 2; // a hollow mark goes around its point
  const marks = (role, items) => {
    const thin = role === "history" && items.length > CROWD && view.camera.zoom < CLOSE;
    const least = thin ? 0 : sizeOf(view, role);
    const radius = glyphs[role].hollow ? Math.max(least, around - (thin ? 0.5 : 0)) : sizeOf(view, role);
    for (const item of items) {
      const [x, y] = view.itemPx(item);
      if (x > -20 && y > -20 && x < width + 20 && y < height + 20) glyph(pen, role, x, y, theme, radius, thin);
    }
  };
  drawRegion(view, view.draft ?? view.region);
  marks("history", overlay.history);
  marks("hits", overlay.hits);
  if (view.pick !== null) drawFocus(view, marks);
  drawArrows(view);
  drawRanked(view);
  marks("left", overlay.left);
  for (const role of ["phrase", "user"]) {
    if (overlay[role]) glyph(pen, role, ...view.toPx(...overlay[role]), theme, sizeOf(view, role));
  }
  if (view.hover?.index !== undefined) {
    const [x, y] = view.itemPx(view.hover.index);
    pen.beginPath();
    pen.arc(x, y, Math.max(radiusOf(view) + 3, 6), 0, 7);
    pen.strokeStyle = theme.text;
    pen.lineWidth = 2;
    pen.stroke();
  }
  drawTitles(view);
}

function drawFocus(view, marks) {
  const { ink: pen, overlay, theme, pick } = view;
  const from = view.itemPx(pick);
  if (pick === overlay.focus) {
    pen.globalAlpha = 0.75;
    pen.strokeStyle = theme.neighbours;
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const item of overlay.neighbours) {
      pen.moveTo(...from);
      pen.lineTo(...view.itemPx(item));
    }
    pen.stroke();
    pen.globalAlpha = 1;
    marks("neighbours", overlay.neighbours);
  }
  glyph(pen, "focus", ...from, theme);
}

/** From what left to what entered, each arrow ending at the rim of the mark it points at. */
function drawArrows(view) {
  const { ink: pen, overlay, theme } = view;
  const rim = (numbered(view) ? 9 : sizeOf(view, "ranked")) + 3;
  const ends = overlay.arrows.map(([from, to]) => [view.itemPx(from), view.itemPx(to)]);
  pen.lineCap = "round";
  for (const [colour, width] of [[`rgb(${theme.back.join(" ")} / 0.8)`, 4.5], [theme.arrows, 2]]) {
    pen.beginPath();
    for (const [from, to] of ends) {
      const long = distance(from, ...to);
      if (long < 2 * rim) continue; // they lie on one another
      // The last stretch of the bent line, not of the straight one, leads to the middle of the mark.
      const turn = Math.atan2(to[1] - from[1], to[0] - from[0]) - Math.atan(2 * BEND);
      arrow(pen, from, [to[0] - rim * Math.cos(turn), to[1] - rim * Math.sin(turn)]);
    }
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }
  pen.lineCap = "butt";
}

const numbered = (view) => view.overlay.ranked.length <= NUMBERED || view.camera.zoom >= 2.5;

function drawRanked(view) {
  const { ink: pen, overlay, theme } = view;
  const withNumbers = numbered(view);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let rank = overlay.ranked.length; rank > 0; rank--) {
    const [x, y] = view.itemPx(overlay.ranked[rank - 1]);
    glyph(pen, "ranked", x, y, theme, withNumbers ? 9 : sizeOf(view, "ranked"));
    if (!withNumbers) continue;
    pen.font = `700 ${rank > 99 ? 8 : 10.5}px ${theme.font}`;
    pen.fillStyle = luminance(rgbOf(theme.ranked, [0, 0, 0])) > 0.4 ? "#10151c" : "#fff";
    pen.fillText(String(rank), x, y + 0.5);
  }
}

/** Titles beside the chosen item and the best of the list, as far as they fit without covering one another. */
function drawTitles(view) {
  const { ink: pen, overlay, theme, width, height } = view;
  if (width < NARROW || !numbered(view) || (view.camera.zoom < 1.25 && overlay.ranked.length > 12)) return;
  const named = [...new Set([...(view.pick === null ? [] : [view.pick]), ...overlay.ranked, ...overlay.left])].slice(0, 2 * TITLED);
  const taken = [...overlay.ranked, ...overlay.left].map((item) => boxAt(view.itemPx(item), 10));
  if (overlay.user) taken.push(boxAt(view.toPx(...overlay.user), 13));
  pen.font = `600 12px ${theme.font}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  let written = 0;
  for (const item of named) {
    const [x, y] = view.itemPx(item);
    if (x < 0 || y < 0 || x > width || y > height || written >= TITLED) continue;
    const { title } = view.text(item);
    const text = title.length > 28 ? `${title.slice(0, 27)}\u2026` : title;
    const wide = pen.measureText(text).width;
    const spots = [[x + 14, y], [x - 14 - wide, y], [x - wide / 2, y - 18], [x - wide / 2, y + 18]];
    const spot = spots.find(([left, mid]) => {
      const box = [left - 2, mid - 8, left + wide + 2, mid + 8];
      if (box[0] < 4 || box[2] > width - 4 || box[1] < 4 || box[3] > height - 4) return false;
      if (taken.some((other) => overlaps(box, other))) return false;
      taken.push(box);
      return true;
    });
    if (!spot) continue;
    written++;
    pen.strokeStyle = `rgb(${theme.back.join(" ")} / 0.88)`;
    pen.lineWidth = 4;
    pen.strokeText(text, ...spot);
    pen.fillStyle = theme.text;
    pen.fillText(text, ...spot);
  }
}

function drawRegion(view, region) {
  if (!region) return;
  const { ink: pen, theme } = view;
  const [[x0, y0], [x1, y1] = []] = region.points;
  const outline = region.kind === "box" ? [[x0, y0], [x1, y0], [x1, y1], [x0, y1]] : region.points;
  pen.beginPath();
  outline.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](...view.toPx(x, y)));
  pen.closePath();
  pen.fillStyle = theme.text;
  pen.globalAlpha = 0.05;
  pen.fill("evenodd");
  pen.globalAlpha = 0.9;
  pen.strokeStyle = theme.text;
  pen.lineWidth = 1.5;
  pen.setLineDash([6, 4]);
  pen.stroke();
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}
