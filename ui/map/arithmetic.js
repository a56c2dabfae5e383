// Small pure functions.

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const distance = ([x, y], px, py) => Math.hypot(x - px, y - py);
const boxAt = ([x, y], r) => [x - r, y - r, x + r, y + r];
const overlaps = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** Running sums of differences: the indices that Python sent. */
function fromSteps(steps) {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

/** [x low, y low, x high, y high]; a side without length becomes 2 * half long. */
function boundsOf(xy, half = 0.5) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < xy.length; i++) {
    const axis = i % 2;
    box[axis] = Math.min(box[axis], xy[i]);
    box[axis + 2] = Math.max(box[axis + 2], xy[i]);
  }
  if (!xy.length) return [-half, -half, half, half];
  for (const axis of [0, 1]) {
    if (box[axis] === box[axis + 2]) [box[axis], box[axis + 2]] = [box[axis] - half, box[axis] + half];
  }
  return box;
}

/** 1 for each point inside, else 0: the same rules as on the server. */
function maskOf({ kind, points }, xy) {
  const mask = new Uint8Array(xy.length / 2);
  const flat = Float64Array.from([...points, points[0]].flat());
  const [x0, y0, x1, y1] = boundsOf(flat, 0);
  const bands = kind === "lasso" ? bandsOf(flat, y0, y1) : null;
  for (let i = 0; i < mask.length; i++) {
    const x = xy[2 * i];
    const y = xy[2 * i + 1];
    if (x >= x0 && x <= x1 && y >= y0 && y <= y1) mask[i] = !bands || crossesOddly(flat, bands[bandOf(y, y0, y1)], x, y);
  }
  return mask;
}

// Edges sorted into horizontal bands, so that a point meets a few of them instead of all: a long lasso over 100,000
// points would otherwise be 20 million tests.
const BANDS = 64;
const bandOf = (y, low, high) => Math.min(BANDS - 1, Math.floor(((y - low) / (high - low || 1)) * BANDS));

function bandsOf(flat, low, high) {
  const bands = Array.from({ length: BANDS }, () => []);
  for (let k = 1; k < flat.length - 2; k += 2) {
    const last = bandOf(Math.max(flat[k], flat[k + 2]), low, high);
    for (let band = bandOf(Math.min(flat[k], flat[k + 2]), low, high); band <= last; band++) bands[band].push(k - 1);
  }
  return bands;
}

function crossesOddly(flat, edges, x, y) {
  let odd = false;
  for (const k of edges) {
    const [ay, by] = [flat[k + 1], flat[k + 3]];
    if (ay > y !== by > y && x < ((flat[k + 2] - flat[k]) * (y - ay)) / (by - ay) + flat[k]) odd = !odd;
  }
  return odd;
}

function thinned({ kind, points }) {
  const every = Math.ceil(points.length / LASSO.most);
  return { kind, points: kind === "box" ? points : points.filter((_, i) => i % every === 0) };
}

let probe;
/** [r, g, b] of any CSS colour, else the fallback. */
function rgbOf(css, fallback) {
  probe ??= make("canvas", "", null, { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  if (!css || !CSS.supports("color", css.trim())) return fallback;
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = css.trim();
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** 256 RGBA texels: categories as they are, a ramp stretched over 0 .. 254, grey at the end. */
function paletteOf(colours, scale, theme) {
  const texels = new Uint8Array(4 * 256);
  for (let code = 0; code < 256; code++) {
    let rgb = theme.grey;
    if (scale === "category") rgb = colours[code] ?? theme.grey;
    else if (code !== NO_VALUE) {
      const at = (code / 254) * (colours.length - 1);
      const [a, b] = [colours[Math.floor(at)], colours[Math.ceil(at)]];
      rgb = a.map((part, i) => Math.round(part + (b[i] - part) * (at % 1)));
    }
    texels.set([...rgb, 255], 4 * code);
  }
  return texels;
}
