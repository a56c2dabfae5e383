// The map: data in, drawing, events out. The files of this folder are put in front of this one to make one module.
//
// Coordinates: "map" are those of the data, "px" are CSS pixels from the stage's top left corner.

const hub = (globalThis[Symbol.for("recallscope.map")] ??= { box: new Map(), views: new Map(), kept: new Map() });
const mounted = new WeakMap();

const REACH = 10; // px within which a point answers to the pointer
const NO_VALUE = 255;
const ROLES = {
  user: "user",
  phrase: "hit",
  ranked: "ranked",
  history: "history",
  hits: "hit",
  focus: "focus",
  neighbours: "focus",
  left: "left",
  arrows: "entered",
}; // role -> its colour in the palette
const MODES = ["pan", "box", "lasso"];

export default function mount({ data, parentElement, setStateValue }) {
  let view = mounted.get(parentElement);
  if (!view) mounted.set(parentElement, (view = new MapView(parentElement)));
  view.send = setStateValue;
  view.load(data);
  return () => {
    view.close();
    mounted.delete(parentElement);
  };
}

class MapView extends Surface {
  constructor(parent) {
    super();
    this.overlay = null;
    this.colours = null;
    this.region = null; // {kind, points} in map coordinates
    this.draft = null; // the region being drawn
    this.mask = null;
    this.selected = 0;
    this.spot = -1;
    this.clicked = null; // the item that Python was told of
    this.pick = null; // the item marked as chosen
    this.hover = null; // {index} | {role} | null
    this.mode = "pan";
    this.active = false; // whether one finger moves the map
    this.aborter = new AbortController();
    this.dom = buildStage(parent);
    this.root = this.dom.root;
    this.ink = this.dom.ink.getContext("2d");
    this.layer = null;
    this.gestures = new Gestures(this, this.aborter.signal);
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.dom.stage);
    this.dom.gl.addEventListener("webglcontextlost", (event) => this.lose(event), this.aborter);
    this.dom.gl.addEventListener("webglcontextrestored", () => this.startLayer(), this.aborter);
    this.watchDensity();
    this.startLayer();
  }

  close() {
    this.keep();
    this.aborter.abort();
    this.resizer.disconnect();
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.flight);
    clearTimeout(this.patience);
    if (hub.views.get(this.key) === this) hub.views.delete(this.key);
    this.layer?.close();
    this.root.remove();
  }

  // ---- messages in -------------------------------------------------------------------------------------------

  /** The points' message. It comes again with every run of the script, mostly unchanged. */
  load(bytes) {
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const text = new TextDecoder().decode(bytes.subarray(4, 4 + size));
    this.readTheme();
    if (text !== this.headText) {
      this.headText = text;
      const head = JSON.parse(text);
      this.words = head.words;
      this.number = new Intl.NumberFormat(head.words.lang);
      this.key = head.map;
      this.root.style.setProperty("--map-height", `${head.height}px`);
      if (head.fp !== this.fp) {
        this.keep();
        this.setPoints(head, bytes, 4 + size);
      }
      labelStage(this);
      this.showState();
    }
    hub.views.set(this.key, this);
    for (const kind of ["colours", "overlay"]) {
      const waiting = hub.box.get(`${this.key}/${kind}`);
      if (waiting && waiting.seq !== this[kind]?.seq) this.receive(waiting);
    }
    if (this.failed) this.fail();
    this.resize();
  }

  setPoints(head, bytes, start) {
    this.fp = head.fp;
    this.n = head.n;
    const end = start + 8 * this.n;
    this.xy = new Float32Array(bytes.slice(start, end).buffer);
    this.loadTexts(bytes.slice(end), this.fp);
    this.bounds = boundsOf(this.xy);
    this.grid = new Grid(this.xy, this.bounds);
    this.overlay = this.colours = this.region = this.mask = this.clicked = this.pick = this.hover = null;
    this.selected = 0;
    this.spot = -1;
    this.fresh = true;
    this.camera = { ...(this.kept()?.camera ?? this.overview()) };
    this.layer?.setPoints(this.xy);
    this.root.dataset.points = this.fp;
    this.request(true);
  }

  async loadTexts(packed, fp) {
    this.texts = { titles: [], subtitles: [] };
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const texts = await new Response(stream).json();
    if (fp !== this.fp || this.aborter.signal.aborted) return;
    this.texts = texts;
    fillTip(this);
    labelStage(this);
    this.request();
  }

  receive(message) {
    if (message.fp !== this.fp) return; // stays in the box until its points arrive
    if (message.kind === "colours") this.setColours(message);
    else this.setOverlay(message);
  }

  setColours(message) {
    this.colours = message;
    this.codes = Uint8Array.from(atob(message.codes), (letter) => letter.charCodeAt(0));
    if (message.scale === "category") {
      const size = message.labels.length;
      this.codes.forEach((code, i) => code >= size && (this.codes[i] = NO_VALUE));
    }
    this.unvalued = this.codes.includes(NO_VALUE);
    this.spot = -1;
    this.layer?.setCodes(this.codes);
    this.paint();
    this.showState();
  }

  setOverlay(message) {
    const faded = this.overlay?.dim;
    this.overlay = { ...message, history: fromSteps(message.history), hits: fromSteps(message.hits) };
    this.marked = new Map();
    const { history, hits, neighbours, ranked, focus, left, arrows } = this.overlay;
    const entered = arrows.map(([, to]) => to);
    const lists = { history, hits, neighbours, ranked, focus: focus === null ? [] : [focus], left, arrows: entered };
    for (const [role, list] of Object.entries(lists)) {
      list.forEach((item, i) => this.marked.set(item, { ...this.marked.get(item), [role]: i + 1 }));
    }
    this.pick = focus;
    if (this.fresh) {
      // Only now is it known whether Python still counts on the selection that this page remembers.
      this.fresh = false;
      this.clicked = focus;
      this.setRegion(message.region ? (this.kept()?.region ?? null) : null);
    }
    labelStage(this);
    drawLegend(this);
    fillTip(this);
    this.request(faded !== message.dim);
  }

  // ---- events out --------------------------------------------------------------------------------------------

  choose(index) {
    if (index === this.clicked) return;
    this.clicked = this.pick = index;
    this.send("clicked", index === null ? null : { index, fp: this.fp });
    this.request();
  }

  select(region) {
    const had = this.region !== null;
    const points = region?.points.map((place) => place.map((value) => Number(value.toPrecision(8))));
    this.setRegion(region && { kind: region.kind, points });
    if (region) this.send("region", { kind: region.kind, points, fp: this.fp });
    else if (had) this.send("region", null);
    if (region || had) this.dom.live.textContent = region ? this.word("selected", { n: this.selected }) : this.word("cleared");
  }

  clear() {
    this.draft = null;
    this.select(null);
    this.choose(null);
    this.request();
  }

  setRegion(region) {
    this.region = region;
    this.mask = region ? maskOf(region, this.xy) : null;
    this.selected = this.mask ? this.mask.reduce((sum, bit) => sum + bit, 0) : 0;
    this.layer?.setMask(this.mask);
    this.dom.chip.hidden = !region;
    this.dom.chipText.textContent = region ? this.word("selected", { n: this.selected }) : "";
    this.root.dataset.selected = region ? this.selected : "";
    this.keep();
    this.request(true);
  }

  // ---- words and colours -------------------------------------------------------------------------------------

  word(key, values = {}) {
    return (this.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === "number" ? this.number.format(value) : value;
    });
  }

  text(index) {
    return { title: this.texts.titles[index] ?? "", subtitle: this.texts.subtitles[index] ?? "" };
  }

  // ---- what the tools set --------------------------------------------------------------------------------------

  setMode(mode) {
    this.mode = mode;
    this.root.dataset.mode = mode;
    for (const name of MODES) this.dom.buttons[name].setAttribute("aria-pressed", String(name === mode));
    if (mode !== "pan") this.setActive(true);
    else this.gestures.allowScroll();
  }

  setActive(active) {
    this.active = active;
    this.root.dataset.active = active;
    this.gestures.allowScroll();
  }

  spotlight(code) {
    this.spot = this.spot === code ? -1 : code;
    drawLegend(this);
    this.request(true);
  }

  // ---- what is under the pointer -----------------------------------------------------------------------------

  /** The mark or point at (px, py): {index}, {role} or null. */
  at(px, py, reach = REACH) {
    if (!this.overlay) return null;
    for (const role of ["user", "phrase"]) {
      const place = this.overlay[role];
      if (place && distance(this.toPx(...place), px, py) < 12) return { role };
    }
    let best = null;
    let nearest = Infinity;
    for (const [index, roles] of this.marked) {
      const away = distance(this.itemPx(index), px, py);
      if (away < nearest && away < (roles.ranked ? 10 : 7)) [best, nearest] = [{ index }, away];
    }
    if (best) return best;
    const index = this.grid.nearest(...this.toMap(px, py), reach / this.scale);
    return index < 0 ? null : { index };
  }

  point(target, px, py) {
    if (target?.index !== this.hover?.index || target?.role !== this.hover?.role) {
      this.hover = target;
      this.root.dataset.hover = target ? (target.index ?? target.role) : "";
      fillTip(this);
      this.request();
    }
    if (target) placeTip(this, px, py);
  }
}
