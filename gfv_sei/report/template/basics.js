// Small things that every part uses.

const $ = (id) => document.getElementById(id);

/** An element. Text comes in as text nodes, whatever is in it. */
function el(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name === "data") Object.assign(made.dataset, value);
    else if (name === "aria") for (const [key, said] of Object.entries(value)) made.setAttribute(`aria-${key}`, said);
    else if (name === "role") made.setAttribute("role", value);
    else made[name] = value;
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

/** Put these into an element, in place of what it had; what is null is left out. */
const fillWith = (host, ...children) => host.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));

const SPACE = "\u202f"; // narrow, does not break

/** A whole number in groups of three. */
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, SPACE);

const plural = (number, one, many = `${one}s`) => `${grouped(number)} ${number === 1 ? one : many}`;

/** A value for reading: up to seven significant digits, with a real minus sign. */
function brief(value) {
  if (Number.isInteger(value)) return String(value).replace("-", "−");
  return String(Number(value.toPrecision(7))).replace("-", "−");
}

/** A value in a column of such: as many decimals in all of them. */
const aligned = (value, decimals) => value.toFixed(decimals).replace("-", "−");

/** Decimals that show all of some values, at most five. */
function decimalsFor(values) {
  let most = 0;
  for (const value of values) {
    while (most < 5 && Math.abs(value * 10 ** most - Math.round(value * 10 ** most)) > 1e-9) most += 1;
  }
  return most;
}

function bits(bytes) {
  const number = 8 * bytes;
  if (number < 10_000) return `${grouped(number)} bit`;
  if (number < 10_000_000) return `${(number / 1000).toFixed(1)} kbit`;
  return `${(number / 1e6).toFixed(1)} Mbit`;
}

function bytesInWords(bytes) {
  if (bytes < 10_000) return plural(bytes, "byte");
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

/** Once per frame, however often it is asked for. */
function perFrame(action) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      action();
    });
  };
}

/** The colours of the style sheet, for canvases; asked again when the theme changes. */
let colours = {};
function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["panel", "text", "soft", "line", "accent", "coded", "sei", "other", "error", "warning", "ignored"];
  colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  colours.dark = style.getPropertyValue("--dark").trim() === "1";
}

/** A canvas in device pixels; its context in CSS pixels, and its size. */
function prepared(canvas) {
  const ratio = Math.max(1, devicePixelRatio || 1);
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "11px system-ui, sans-serif";
  return { context, width, height };
}

/** Round numbers from low to high, about as many as asked for. */
function ticks(low, high, about) {
  const span = high - low || 1;
  let step = 10 ** Math.floor(Math.log10(span / about));
  for (const factor of [1, 2, 5, 10]) {
    if ((span / about) <= step * factor) {
      step *= factor;
      break;
    }
  }
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) found.push(Math.abs(at) < step * 1e-9 ? 0 : at);
  return found;
}
