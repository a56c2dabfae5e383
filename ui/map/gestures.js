// Mouse, pen, touch, wheel and keys, turned into what the view can do.

const SLOP = 5; // px a press may wander and still be a click
const LASSO = { step: 3, most: 240 }; // px between vertices; vertices sent
const WHEEL_REST = 250; // ms for which a page scroll that began elsewhere keeps the wheel

class Gestures {
  constructor(view, signal) {
    this.view = view;
    this.down = new Map(); // pointer id -> [px, py]
    this.press = null;
    this.scrolledAt = -Infinity;
    const { ink, stage } = view.dom;
    const on = (target, kind, act, more = {}) => target.addEventListener(kind, act, { signal, ...more });
    on(ink, "pointerdown", (event) => this.start(event));
    on(ink, "pointermove", (event) => this.moved(event));
    on(ink, "pointerup", (event) => this.end(event));
    on(ink, "pointercancel", (event) => this.drop(event));
    on(ink, "pointerleave", (event) => event.pointerType === "touch" || view.point(null)); // a lifted finger also leaves
    on(ink, "dblclick", (event) => view.zoomSoftly(event.shiftKey ? 0.5 : 2, ...this.px(event)));
    on(stage, "wheel", (event) => this.wheel(event), { passive: false });
    on(stage, "keydown", (event) => this.key(event));
    on(document, "wheel", (event) => this.elsewhere(event), { passive: true, capture: true });
    on(document, "pointerdown", (event) => this.outside(event), { capture: true });
    const { buttons } = view.dom;
    for (const mode of MODES) on(buttons[mode], "click", () => view.setMode(mode));
    on(buttons.zoom_in, "click", () => view.zoomSoftly(1.7));
    on(buttons.zoom_out, "click", () => view.zoomSoftly(1 / 1.7));
    on(buttons.fit, "click", () => view.fit());
    on(buttons.fit_list, "click", () => view.fitList());
    on(view.dom.chip, "click", () => (view.clear(), stage.focus({ preventScroll: true })));
    on(buttons.release, "click", () => (view.setMode("pan"), view.setActive(false)));
    this.allowScroll();
  }

  px(event) {
    const box = this.view.dom.ink.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** A finger scrolls the page until the map has been tapped: a map as wide as a phone must not trap the page. */
  allowScroll() {
    this.view.dom.ink.style.touchAction = this.view.active || this.view.mode !== "pan" ? "none" : "auto";
  }

  start(event) {
    if (event.button !== 0 || !this.view.overlay) return;
    const { view } = this;
    const at = this.px(event);
    const idle = event.pointerType === "touch" && !view.active && view.mode === "pan";
    cancelAnimationFrame(view.flight);
    if (!idle) view.dom.ink.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, at);
    if (this.down.size > 1) {
      this.press = null; // a second finger turns the gesture into a pinch
      view.draft = null;
      return;
    }
    const mode = idle ? "tap" : view.mode === "pan" && event.shiftKey ? "box" : view.mode;
    this.press = { at, mode, moved: false };
    if (mode !== "tap") view.point(null);
  }

  moved(event) {
    const { view, press } = this;
    const at = this.px(event);
    const before = this.down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") view.point(view.at(...at), ...at);
      return;
    }
    if (this.down.size === 2) return this.pinch(event.pointerId, at);
    this.down.set(event.pointerId, at);
    if (!press) return;
    press.moved ||= distance(press.at, ...at) > SLOP;
    if (!press.moved || press.mode === "tap") return;
    if (press.mode === "pan") view.pan(at[0] - before[0], at[1] - before[1]);
    else this.outline(press, at);
  }

  pinch(id, at) {
    if (!this.view.active && this.view.mode === "pan") return;
    const [a, b] = [...this.down.values()];
    this.down.set(id, at);
    const [c, d] = [...this.down.values()];
    const spread = Math.max(distance(c, ...d), 1) / Math.max(distance(a, ...b), 1);
    const [mx, my] = [(c[0] + d[0]) / 2, (c[1] + d[1]) / 2];
    this.view.pan(mx - (a[0] + b[0]) / 2, my - (a[1] + b[1]) / 2);
    this.view.zoomAt(mx, my, spread);
  }

  outline(press, at) {
    const { view } = this;
    const here = view.toMap(...at);
    if (press.mode === "box") {
      view.draft = { kind: "box", points: [view.toMap(...press.at), here] };
    } else if (!view.draft) {
      view.draft = { kind: "lasso", points: [view.toMap(...press.at), here] };
      press.last = at;
    } else if (distance(press.last, ...at) >= LASSO.step) {
      view.draft.points.push(here);
      press.last = at;
    }
    view.request();
  }

  end(event) {
    const { view, press } = this;
    this.down.delete(event.pointerId);
    const draft = view.draft;
    view.draft = null;
    this.press = null;
    if (!press) return;
    if (!press.moved) return this.tap(event, press);
    if (draft && (draft.kind === "box" || draft.points.length > 2)) view.select(thinned(draft));
    else view.request();
  }

  tap(event, press) {
    const { view } = this;
    const touch = event.pointerType === "touch";
    const target = view.at(...press.at, touch ? 2 * REACH : REACH);
    if (press.mode === "tap") view.setActive(true);
    view.point(target, ...press.at);
    if (target?.role === undefined) view.choose(target ? target.index : null);
    view.dom.stage.focus({ preventScroll: true });
  }

  drop(event) {
    this.down.delete(event.pointerId);
    this.press = this.view.draft = null;
    this.view.request();
  }

  wheel(event) {
    if (event.timeStamp - this.scrolledAt < WHEEL_REST) {
      this.scrolledAt = event.timeStamp; // a page scroll passing over the map goes on
      return;
    }
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? this.view.height : 1;
    const turn = clamp(event.deltaY * lines * (event.ctrlKey ? 6 : 1), -600, 600);
    cancelAnimationFrame(this.view.flight);
    this.view.zoomAt(...this.px(event), Math.exp(-turn / 480));
    const at = this.px(event);
    this.view.point(this.view.at(...at), ...at);
  }

  elsewhere(event) {
    if (!event.composedPath().includes(this.view.dom.stage)) this.scrolledAt = event.timeStamp;
  }

  outside(event) {
    if (this.view.active && !event.composedPath().includes(this.view.root)) this.view.setActive(false);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view } = this;
    const step = event.shiftKey ? 160 : 48;
    const acts = {
      ArrowLeft: () => view.pan(step, 0),
      ArrowRight: () => view.pan(-step, 0),
      ArrowUp: () => view.pan(0, step),
      ArrowDown: () => view.pan(0, -step),
      "+": () => view.zoomSoftly(1.5),
      "=": () => view.zoomSoftly(1.5),
      "-": () => view.zoomSoftly(1 / 1.5),
      0: () => view.fit(),
      p: () => view.setMode("pan"),
      b: () => view.setMode("box"),
      l: () => view.setMode("lasso"),
      Escape: () => (view.clear(), view.setActive(false)),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // single letters are shortcuts of the page around us
    act();
  }
}
