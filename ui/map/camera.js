// Where the reader stands: {x, y, zoom}, zoom 1 = everything is shown. Kept by the page under the points' fingerprint.

const PAD = 28; // px between the outermost point and the edge when everything is shown
const ZOOM = [0.4, 600];

class Camera {
  camera = { x: 0, y: 0, zoom: 1 };
  width = 0;
  height = 0;

  keep() {
    if (this.fp === undefined) return;
    hub.kept.set(`${this.key}|${this.fp}`, { camera: { ...this.camera }, region: this.region });
  }

  kept() {
    return hub.kept.get(`${this.key}|${this.fp}`);
  }

  overview() {
    const [x0, y0, x1, y1] = this.bounds;
    return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, zoom: 1 };
  }

  /** px per map unit at zoom 1. */
  get unit() {
    const [x0, y0, x1, y1] = this.bounds;
    const room = Math.min(PAD, this.width / 8, this.height / 8);
    const wide = (this.width - 2 * room) / Math.max(x1 - x0, 1e-9);
    const high = (this.height - 2 * room) / Math.max(y1 - y0, 1e-9);
    return Math.min(wide, high);
  }

  get scale() {
    return this.unit * this.camera.zoom;
  }

  toPx(x, y) {
    const s = this.scale;
    return [(x - this.camera.x) * s + this.width / 2, this.height / 2 - (y - this.camera.y) * s];
  }

  toMap(px, py) {
    const s = this.scale;
    return [(px - this.width / 2) / s + this.camera.x, (this.height / 2 - py) / s + this.camera.y];
  }

  itemPx(index) {
    return this.toPx(this.xy[2 * index], this.xy[2 * index + 1]);
  }

  move(camera) {
    const [x0, y0, x1, y1] = this.bounds;
    this.camera = {
      x: clamp(camera.x, x0, x1),
      y: clamp(camera.y, y0, y1),
      zoom: clamp(camera.zoom, ...ZOOM),
    };
    this.keep();
    this.request(true);
  }

  pan(dx, dy) {
    const s = this.scale;
    this.move({ ...this.camera, x: this.camera.x - dx / s, y: this.camera.y + dy / s });
  }

  /** Zoom so that the place under (px, py) stays there. */
  zoomAt(px, py, factor) {
    const [x, y] = this.toMap(px, py);
    const zoom = clamp(this.camera.zoom * factor, ...ZOOM);
    const s = this.unit * zoom;
    this.move({ x: x - (px - this.width / 2) / s, y: y + (py - this.height / 2) / s, zoom });
  }

  glide(step, ms = 220) {
    cancelAnimationFrame(this.flight);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return step(1, 1);
    const start = performance.now();
    let before = 0;
    const tick = (now) => {
      const t = clamp((now - start) / ms, 0, 1);
      const eased = 1 - (1 - t) ** 3;
      step(eased, eased - before);
      before = eased;
      if (t < 1) this.flight = requestAnimationFrame(tick);
    };
    this.flight = requestAnimationFrame(tick);
  }

  zoomSoftly(factor, px = this.width / 2, py = this.height / 2) {
    this.glide((_, part) => this.zoomAt(px, py, factor ** part));
  }

  flyTo(target) {
    const from = { ...this.camera };
    this.glide((t) => {
      const zoom = from.zoom * (target.zoom / from.zoom) ** t;
      // The place moves with the zoom, so that the way looks straight.
      const part = Math.abs(target.zoom - from.zoom) < 1e-9 ? t : (1 / from.zoom - 1 / zoom) / (1 / from.zoom - 1 / target.zoom);
      this.move({ x: from.x + (target.x - from.x) * part, y: from.y + (target.y - from.y) * part, zoom });
    }, 320);
  }

  fit() {
    this.flyTo(this.overview());
  }

  fitList() {
    const places = [...this.overlay.ranked, ...this.overlay.left].map((item) => [this.xy[2 * item], this.xy[2 * item + 1]]);
    if (this.overlay.user) places.push(this.overlay.user);
    if (!places.length) return this.fit();
    const [x0, y0, x1, y1] = boundsOf(Float32Array.from(places.flat()), 0);
    const room = 1.35 * this.unit;
    const zoom = Math.min(this.width / Math.max((x1 - x0) * room, 1e-9), this.height / Math.max((y1 - y0) * room, 1e-9));
    this.flyTo({ x: (x0 + x1) / 2, y: (y0 + y1) / 2, zoom: clamp(zoom, 1, 40) });
  }
}
