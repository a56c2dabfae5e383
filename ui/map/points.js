// The points: drawn with WebGL2, found again through a grid.

const VERTEX = `#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in uint code;
layout(location = 2) in uint kept;
uniform vec2 centre, scale;
uniform float size, strength, wash;
uniform int spot;
uniform bool front, masked, faded;
uniform vec3 grey;
uniform sampler2D palette;
out vec4 tint;
void main() {
  bool lit = masked ? kept == 1u : !faded || spot >= 0;
  lit = lit && (spot < 0 || int(code) == spot);
  gl_PointSize = size;
  if (lit != front) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  gl_Position = vec4((place - centre) * scale, 0.0, 1.0);
  tint = vec4(mix(texelFetch(palette, ivec2(int(code), 0), 0).rgb, grey, wash), strength);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform float size, rim;
uniform vec3 back;
in vec4 tint;
out vec4 colour;
void main() {
  float away = length(gl_PointCoord - 0.5) * size;
  float radius = size * 0.5 - 1.0;
  float cover = clamp(radius + 0.5 - away, 0.0, 1.0) * tint.a;
  if (cover <= 0.0) discard;
  vec3 inner = mix(tint.rgb, back, rim * smoothstep(radius - 1.6, radius - 0.2, away));
  colour = vec4(inner * cover, cover);
}`;

const UNIFORMS = "centre scale size strength wash spot front masked faded grey palette rim back".split(" ");

class PointLayer {
  constructor(canvas) {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: true, premultipliedAlpha: true });
    if (!gl || gl.isContextLost()) throw new Error("no WebGL2");
    this.gl = gl;
    this.program = linked(gl, VERTEX, FRAGMENT);
    gl.useProgram(this.program);
    this.at = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(this.program, name)]));
    this.buffers = [0, 1, 2].map(() => gl.createBuffer());
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  fill(slot, values) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[slot]);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(slot);
    if (slot === 0) gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    else gl.vertexAttribIPointer(slot, 1, gl.UNSIGNED_BYTE, 0, 0);
  }

  setPoints(xy) {
    this.n = xy.length / 2;
    this.fill(0, xy);
    this.fill(1, new Uint8Array(this.n).fill(NO_VALUE));
    this.setMask(null);
  }

  setCodes(codes) {
    this.fill(1, codes);
  }

  setMask(mask) {
    this.masked = mask !== null;
    this.fill(2, mask ?? new Uint8Array(this.n));
  }

  setPalette(rgba) {
    const { gl } = this;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
  }

  draw(view) {
    const { gl, at } = this;
    const { camera, width, height, density, scale, theme, spot } = view;
    const radius = radiusOf(view);
    const dense = clamp(this.n / 40_000, 0, 1); // many points are drawn lighter, so that dense places show
    const unit = (rgb) => rgb.map((part) => part / 255);
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(at.centre, camera.x, camera.y);
    gl.uniform2f(at.scale, (2 * scale) / width, (2 * scale) / height);
    gl.uniform1f(at.size, 2 * radius * density + 2);
    gl.uniform1f(at.rim, radius > 2.6 ? 0.75 : 0);
    gl.uniform3fv(at.grey, unit(theme.grey));
    gl.uniform3fv(at.back, unit(theme.back));
    gl.uniform1i(at.spot, spot);
    gl.uniform1i(at.masked, this.masked);
    const faded = view.overlay?.dim ?? false;
    gl.uniform1i(at.faded, faded);
    const split = this.masked || spot >= 0 || faded;
    if (split) this.pass(false, view.dark ? 0.2 : 0.24, 0.55);
    this.pass(true, clamp(0.86 - 0.34 * dense + 0.1 * Math.log2(camera.zoom), 0.3, 0.92), 0);
  }

  pass(front, strength, wash) {
    const { gl, at } = this;
    gl.uniform1i(at.front, front);
    gl.uniform1f(at.strength, strength);
    gl.uniform1f(at.wash, wash);
    gl.drawArrays(gl.POINTS, 0, this.n);
  }

  close() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext(); // browsers allow only some 16 at a time
  }
}

function linked(gl, vertex, fragment) {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) || "no shaders");
  return program;
}

/** Radius of a point in px: smaller where there are many, growing as the reader comes nearer. */
function radiusOf({ width, height, n, camera }) {
  const base = clamp(0.34 * Math.sqrt((width * height) / Math.max(n, 1)), 1.1, 4);
  return Math.min(base * Math.max(camera.zoom, 0.6) ** 0.42, 8);
}

class Grid {
  constructor(xy, [x0, y0, x1, y1]) {
    const n = xy.length / 2;
    this.xy = xy;
    this.side = Math.max(1, Math.min(512, Math.round(Math.sqrt(n))));
    this.low = [x0, y0];
    this.cell = Math.max(x1 - x0, y1 - y0) / this.side || 1;
    this.first = new Int32Array(this.side * this.side + 1);
    this.items = new Int32Array(n);
    const cells = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      cells[i] = this.column(xy[2 * i], 0) + this.side * this.column(xy[2 * i + 1], 1);
      this.first[cells[i] + 1]++;
    }
    for (let c = 0; c < this.side * this.side; c++) this.first[c + 1] += this.first[c];
    const next = this.first.slice();
    for (let i = 0; i < n; i++) this.items[next[cells[i]]++] = i;
  }

  column(value, axis) {
    return clamp(Math.floor((value - this.low[axis]) / this.cell), 0, this.side - 1);
  }

  /** Index of the point nearest to (x, y) within radius, -1 where there is none. */
  nearest(x, y, radius) {
    let best = -1;
    let least = radius * radius;
    const [left, right] = [this.column(x - radius, 0), this.column(x + radius, 0)];
    const [low, high] = [this.column(y - radius, 1), this.column(y + radius, 1)];
    for (let row = low; row <= high; row++) {
      const stop = this.first[row * this.side + right + 1];
      for (let k = this.first[row * this.side + left]; k < stop; k++) {
        const i = this.items[k];
        const away = (this.xy[2 * i] - x) ** 2 + (this.xy[2 * i + 1] - y) ** 2;
        if (away <= least) [best, least] = [i, away];
      }
    }
    return best;
  }
}
