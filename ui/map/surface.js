// The two canvases: their size, their colours, the WebGL context that comes and goes, and when they are drawn.

const PATIENCE = 5000; // ms to wait for a lost context before another figure is asked for

class Surface extends Camera {
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
}
