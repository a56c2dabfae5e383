// Everything around the canvases: tools, legend, tooltip, notices. Text from the data only goes through textContent.

const ICONS = {
  pan: "M12 3v18M3 12h18M12 3 9.5 5.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5",
  box: "M4 8V4h4M12 4h1M16 4h4v4M20 12v1M20 16v4h-4M12 20h-1M8 20H4v-4M4 12v-1",
  lasso: "M7 15.5C4.6 14.500 3 12.500 3 10.300 3 6.500 7 4 12 4s9 2.500 9 6.300-4 6.200-9 6.200c-.8 0-1.600-.1-2.300-.2M9.700 16.300a2.300 2.300 0 1 1-2.700-.8c1.200-.5 2.500-.1 2.700.8zM7.500 19.800c.3 1-.2 1.700-1.200 2.200",
  zoom_in: "M12 5v14M5 12h14",
  zoom_out: "M5 12h14",
  fit: "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
  fit_list: "M12 8.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 1 0 0-7zM12 2.500V6M12 18v3.500M2.500 12H6M18 12h3.500",
};

function make(tag, className, parent, attributes = {}) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  parent?.append(node);
  return node;
}

function makeButton(name, parent) {
  const button = make("button", "map-button", parent, { type: "button", "data-act": name });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  button.append(svg);
  return button;
}

function buildStage(parent) {
  const root = make("div", "rs map", parent, { "data-state": "loading", "data-mode": "pan", "data-active": "false" });
  const stage = make("div", "map-stage", root, { tabindex: "0", role: "application", "aria-describedby": "map-keys" });
  const gl = make("canvas", "map-points", stage, { "aria-hidden": "true" });
  const ink = make("canvas", "map-ink", stage, { "aria-hidden": "true" });
  const modes = make("div", "map-tools map-modes", stage, { role: "group" });
  const views = make("div", "map-tools map-views", stage, { role: "group" });
  const buttons = {};
  for (const name of MODES) buttons[name] = makeButton(name, modes);
  for (const name of ["zoom_in", "zoom_out", "fit", "fit_list"]) buttons[name] = makeButton(name, views);
  for (const name of MODES) buttons[name].setAttribute("aria-pressed", String(name === "pan"));
  const chip = make("button", "map-chip", stage, { type: "button" });
  chip.hidden = true;
  const chipText = make("span", "", chip);
  make("span", "map-cross", chip, { "aria-hidden": "true" }).textContent = "\u00d7";
  const hint = make("div", "map-hint", stage, { "aria-hidden": "true" });
  buttons.release = make("button", "map-release", stage, { type: "button" });
  const tip = make("div", "map-tip", stage, { "aria-hidden": "true" });
  tip.hidden = true;
  const notice = make("div", "map-notice", root, { role: "status" });
  const legend = make("div", "map-legend", root);
  const keys = make("p", "map-unseen", root, { id: "map-keys" });
  const live = make("p", "map-unseen", root, { "aria-live": "polite" });
  return { root, stage, gl, ink, modes, views, buttons, chip, chipText, hint, tip, notice, legend, keys, live };
}

function labelStage(view) {
  const { dom, overlay } = view;
  for (const [name, button] of Object.entries(dom.buttons)) {
    button.setAttribute("aria-label", view.word(name));
    button.title = view.word(name);
  }
  dom.buttons.release.textContent = view.word("release");
  dom.buttons.fit_list.disabled = !overlay?.ranked.length;
  dom.modes.setAttribute("aria-label", view.word("modes"));
  dom.views.setAttribute("aria-label", view.word("view"));
  dom.chip.setAttribute("aria-label", view.word("clear"));
  dom.chip.title = view.word("clear");
  dom.hint.textContent = view.word("activate");
  dom.keys.textContent = view.word("keys");
  const parts = [view.word("label", { n: view.n ?? 0 })];
  if (overlay) {
    for (const role of ["user", "phrase"]) if (overlay[role]) parts.push(view.word(`label_${role}`));
    for (const role of ["history", "ranked", "hits", "left"]) {
      if (overlay[role].length) parts.push(view.word(`label_${role}`, { n: overlay[role].length }));
    }
    if (overlay.focus !== null) parts.push(view.word("label_focus", view.text(overlay.focus)));
  }
  dom.stage.setAttribute("aria-label", parts.join(" "));
}

function drawLegend(view) {
  const { colours, overlay, theme } = view;
  if (!colours || !overlay || !theme || !view.palette) return;
  const signature = [colours.seq, view.dark, theme.text, view.spot, present(overlay), view.density].join("|");
  if (signature === view.legendOf) return;
  view.legendOf = signature;
  const focused = view.root.getRootNode().activeElement?.dataset?.code;
  const scale = make("div", "map-scale");
  make("span", "map-title", scale).textContent = colours.title;
  if (colours.scale === "category") swatches(view, scale);
  else ramp(view, scale);
  const key = make("div", "map-key");
  for (const role of present(overlay)) {
    const entry = make("span", "map-entry", key);
    miniature(entry, role, theme, view.density ?? 1);
    make("span", "", entry).textContent = view.word(role);
  }
  view.dom.legend.replaceChildren(scale, ...(key.childElementCount ? [key] : []));
  if (focused !== undefined) view.dom.legend.querySelector(`[data-code="${focused}"]`)?.focus({ preventScroll: true });
}

const present = (overlay) => Object.keys(ROLES).filter((role) => role === "focus" ? overlay.focus !== null : overlay[role]?.length);

function swatches(view, parent) {
  const entries = view.colours.labels.map((label, code) => [label, code]);
  if (view.unvalued) entries.push([view.word("no_value"), NO_VALUE]);
  for (const [label, code] of entries) {
    const button = make("button", "map-swatch", parent, {
      type: "button",
      "data-code": code,
      "aria-pressed": String(view.spot === code),
      "aria-label": view.word("spotlight", { label }),
    });
    make("i", "", button).style.background = `rgb(${view.palette.subarray(4 * code, 4 * code + 3).join(" ")})`;
    make("span", "", button).textContent = label;
    button.addEventListener("click", () => view.spotlight(code));
  }
}

function ramp(view, parent) {
  const [low, high] = view.colours.labels;
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 254].map((code) => view.palette.subarray(4 * code, 4 * code + 3));
  make("span", "map-end", parent).textContent = low;
  const bar = make("i", "map-ramp", parent, { "aria-hidden": "true" });
  bar.style.background = `linear-gradient(to right, ${stops.map((rgb) => `rgb(${rgb.join(" ")})`).join(", ")})`;
  make("span", "map-end", parent).textContent = high;
  if (!view.unvalued) return;
  const none = make("span", "map-entry map-none", parent);
  make("i", "", none).style.background = `rgb(${view.theme.grey.join(" ")})`;
  make("span", "", none).textContent = view.word("no_value");
}

function miniature(parent, role, theme, density) {
  const canvas = make("canvas", "", parent, { "aria-hidden": "true", width: 20 * density, height: 20 * density });
  const pen = canvas.getContext("2d");
  pen.scale(density, density);
  glyph(pen, role, 10, 10, theme, Math.min(glyphs[role].radius, role === "focus" ? 5.5 : 8.5));
}

function fillTip(view) {
  const { tip } = view.dom;
  const { hover } = view;
  tip.hidden = !hover;
  if (!hover) return;
  tip.replaceChildren();
  if (hover.role) {
    make("strong", "", tip).textContent = view.word(`tip_${hover.role}`);
    return;
  }
  const { title, subtitle } = view.text(hover.index);
  make("strong", "", tip).textContent = title;
  if (subtitle) make("span", "", tip).textContent = subtitle;
  const { colours, codes, palette } = view;
  if (colours?.scale === "category" && codes[hover.index] !== NO_VALUE) {
    tip.style.setProperty("--map-edge", `rgb(${palette.subarray(4 * codes[hover.index], 4 * codes[hover.index] + 3).join(" ")})`);
  } else tip.style.removeProperty("--map-edge");
  const marks = view.marked?.get(hover.index) ?? {};
  for (const role of Object.keys(ROLES)) {
    if (marks[role]) make("em", "", tip).textContent = view.word(`tip_${role}`, { rank: marks[role] });
  }
  placeTip(view);
}

function placeTip(view, px, py) {
  const { tip } = view.dom;
  const [x, y] = view.hover.index === undefined ? [px, py] : view.itemPx(view.hover.index);
  const { offsetWidth: wide, offsetHeight: high } = tip;
  const left = x + 14 + wide > view.width - 6 ? x - 14 - wide : x + 14;
  tip.style.translate = `${clamp(left, 6, Math.max(6, view.width - wide - 6))}px ${clamp(y - high - 10 < 6 ? y + 14 : y - high - 10, 6, view.height - high - 6)}px`;
}
