// The map: data in, drawing, events out. The files of this folder are put in front of this one to make one module.
//
// Coordinates: "map" are those of the data, "px" are CSS pixels from the stage's top left corner.

const hub = (globalThis[Symbol.for("recallscope.map")] ??= { box: new Map(), views: new Map(), kept: new Map() });
const mounted = new WeakMap();

const REACH = 10; // px within which a point answers to the pointer
const PATIENCE = 5000; // ms to wait for a lost context before another figure is asked for
const NO_VALUE = 255;
const ROLES = {
  user: "user",
  phrase: "hit",
  ranked: "ranked",
  history: "history",
  hits: "hit",
  focus: "focus",
  neighbours: "focus",
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

class MapView extends Camera {
  constructor(parent) {
    super();
    this.overlay = null;
    this.colours = null;
    this.region = null; // {kind, points} in map coordinates
    this.draft = null; // the region being drawn
    this.mask = null;
    this.selected = 0;
    this.spot = -1;
    this.pick = null; // clicked item
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
    this.overlay = this.colours = this.region = this.mask = this.pick = this.hover = null;
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
    const { history, hits, neighbours, ranked, focus } = this.overlay;
    const lists = { history, hits, neighbours, ranked, focus: focus === null ? [] : [focus] };
    for (const [role, list] of Object.entries(lists)) {
      list.forEach((item, i) => this.marked.set(item, { ...this.marked.get(item), [role]: i + 1 }));
    }
    this.pick = focus;
    if (this.fresh) {
      // Only now is it known whether Python still counts on the selection that this page remembers.
      this.fresh = false;
      this.setRegion(message.region ? (this.kept()?.region ?? null) : null);
    }
    labelStage(this);
    drawLegend(this);
    this.request(faded !== message.dim);
  }

  // ---- events out --------------------------------------------------------------------------------------------

  choose(index) {
    if (index === this.pick) return;
    this.pick = index;
    this.send("clicked", index === null ? null : { index, fp: this.fp });
    this.request();
  }

  select(region) {
    const had = this.region !== null;
    this.setRegion(region);
    if (region) {
      const points = region.points.map(([x, y]) => [Number(x.toPrecision(8)), Number(y.toPrecision(8))]);
      this.send("region", { kind: region.kind, points, fp: this.fp });
    } else if (had) this.send("region", null);
    this.announce(region || had ? (region ? "selected" : "cleared") : null);
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

  announce(key) {
    if (key) this.dom.live.textContent = this.word(key, { n: this.selected });
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

  /** loading, ready, empty, lost or no_webgl: all but ready say so in words. */
  showState() {
    let state = this.colours ? "ready" : "loading";
    if (this.n === 0) state = "empty";
    if (this.failed) state = "no_webgl";
    else if (!this.layer) state = "lost";
    this.root.dataset.state = state;
    this.dom.notice.hidden = state === "ready";
    this.dom.notice.textContent = state === "ready" ? "" : this.word(state);
  }

  readTheme() {
    const css = getComputedStyle(this.root);
    const look = ["background-color", "text-color", "font"].map((name) => css.getPropertyValue(`--st-${name}`)).join("|");
    if (look === this.look) return;
    this.look = look;
    const back = rgbOf(css.getPropertyValue("--st-background-color") || css.backgroundColor, [255, 255, 255]);
    this.dark = luminance(back) < 0.35;
    this.root.toggleAttribute("data-dark", this.dark); // the palette's properties below depend on it
    const own = (name) => css.getPropertyValue(`--${name}`).trim();
    this.theme = {
      back: rgbOf(getComputedStyle(this.dom.stage).backgroundColor, back),
      text: own("st-text-color") || (this.dark ? "#fff" : "#111"),
      font: css.fontFamily || "sans-serif",
      grey: rgbOf(own("map-none"), [128, 128, 128]),
      ...Object.fromEntries(Object.entries(ROLES).map(([role, colour]) => [role, own(`role-${colour}`)])),
    };
    this.paint();
    if (this.overlay) drawLegend(this);
    this.request(true);
  }

  paint() {
    if (!this.colours || !this.theme) return;
    const { scale, light, dark, seq } = this.colours;
    this.palette = paletteOf((this.dark ? dark : light).map((hex) => rgbOf(hex, this.theme.grey)), scale, this.theme);
    this.layer?.setPalette(this.palette);
    this.root.dataset.colours = seq;
    drawLegend(this);
    this.request(true);
  }

  // ---- the WebGL context -------------------------------------------------------------------------------------

  startLayer() {
    clearTimeout(this.patience);
    try {
      this.layer = new PointLayer(this.dom.gl);
    } catch (error) {
      console.warn("embedding map:", error.message);
      this.failed = true;
      if (this.words) this.fail();
      return;
    }
    if (this.failed) {
      this.failed = this.told = false;
      this.send("webgl", true);
    }
    if (!this.xy) return;
    this.layer.setPoints(this.xy);
    if (this.codes) this.layer.setCodes(this.codes);
    if (this.palette) this.layer.setPalette(this.palette);
    this.layer.setMask(this.mask);
    this.showState();
    this.request(true);
  }

  lose(event) {
    event.preventDefault(); // without this the browser never restores it
    this.layer = null;
    this.showState();
    this.patience = setTimeout(() => {
      this.failed = true;
      this.fail();
    }, PATIENCE);
  }

  fail() {
    this.showState();
    if (!this.told) this.send("webgl", false);
    this.told = true;
  }

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

  // ---- drawing -----------------------------------------------------------------------------------------------

  watchDensity() {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener("change", () => (this.resize(), this.watchDensity()), { once: true, signal: this.aborter.signal });
  }

  resize() {
    const { clientWidth, clientHeight } = this.dom.stage;
    const density = devicePixelRatio || 1;
    if (!clientWidth || !clientHeight || !this.bounds) return;
    if (clientWidth === this.width && clientHeight === this.height && density === this.density) return;
    Object.assign(this, { width: clientWidth, height: clientHeight, density });
    for (const canvas of [this.dom.gl, this.dom.ink]) {
      canvas.width = Math.round(clientWidth * density);
      canvas.height = Math.round(clientHeight * density);
    }
    this.stale = true;
    this.draw(); // now, not in the next frame: a resized canvas is blank
  }

  request(points = false) {
    this.stale ||= points;
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    if (!this.width || !this.bounds) return;
    if (this.stale && this.layer && this.colours) {
      this.layer.draw(this);
      this.stale = false;
    }
    if (this.overlay && this.colours) drawInk(this);
    const { style, dataset } = this.root;
    style.setProperty("--map-grid", `${22 * 2 ** (Math.log2(this.camera.zoom) % 1)}px`);
    const [ox, oy] = this.toPx(this.bounds[0], this.bounds[1]);
    style.setProperty("--map-grid-x", `${ox}px`);
    style.setProperty("--map-grid-y", `${oy}px`);
    dataset.camera = `${this.camera.x} ${this.camera.y} ${this.scale}`;
    dataset.zoom = this.camera.zoom;
    if (this.overlay && this.layer && this.colours) dataset.drawn = this.overlay.seq;
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
    let nearest = reach + 4;
    for (const index of this.marked.keys()) {
      const away = distance(this.itemPx(index), px, py);
      if (away < nearest) [best, nearest] = [{ index }, away];
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
