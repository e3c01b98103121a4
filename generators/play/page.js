"use strict";

// One question at a time: the number of the newest picture, then that picture. What is slower than the player skips.
const $ = (name) => document.getElementById(name);
const LONGEST = 250;
const past = { lines: [], bits: [] };
let after = -1;
let base = -1;
let latest = null;

function context(canvas) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  return canvas.getContext("2d");
}

function colour(number, count) {
  return `hsl(${Math.round((300 * number) / Math.max(1, count))} 75% 45%)`;
}

function drawPoints(canvas, points, from) {
  const to = context(canvas);
  if (!$("points").checked) return;
  const x = (v) => ((v + 1) / 2) * canvas.width;
  const y = (v) => ((v + 1) / 2) * canvas.height;
  points.forEach((point, number) => {
    to.strokeStyle = to.fillStyle = colour(number, points.length);
    to.lineWidth = canvas.width / 250;
    if (from && from[number]) {
      to.beginPath();
      to.moveTo(x(from[number][0]), y(from[number][1]));
      to.lineTo(x(point[0]), y(point[1]));
      to.stroke();
    }
    to.beginPath();
    to.arc(x(point[0]), y(point[1]), canvas.width / 110, 0, 2 * Math.PI);
    to.fill();
  });
}

// Rows are numbers at pictures; the lowest and highest value that is drawn.
function drawLines(canvas, rows, fromZero) {
  const to = context(canvas);
  const known = rows.flatMap((row) => row.values);
  if (!known.length) return null;
  const low = fromZero ? 0 : known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b), low + 1e-6);
  const count = rows.reduce((most, row) => Math.max(most, row.values.length), 0);
  for (let line = 0; line < count; line++) {
    to.strokeStyle = colour(line, count);
    to.lineWidth = canvas.height / 90;
    to.beginPath();
    for (const row of rows) {
      if (line < row.values.length) {
        const x = ((row.number - rows[0].number) / (LONGEST - 1)) * canvas.width;
        to.lineTo(x, canvas.height * (0.95 - (0.9 * (row.values[line] - low)) / (high - low)));
      }
    }
    to.stroke();
  }
  return [low, high];
}

// Pictures that were skipped leave a gap in time, so the oldest goes by its number.
function remember(rows, number, values) {
  rows.push({ number, values });
  while (rows[0].number <= number - LONGEST) rows.shift();
}

function load(image, address) {
  return new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = reject;
    image.src = address;
  });
}

function draw() {
  if (latest === null) return;
  drawPoints($("base-points"), latest.base_points);
  drawPoints($("shown-points"), latest.points || [], latest.base_points);
  const range = drawLines($("parameters"), past.lines, false);
  const most = drawLines($("bits"), past.bits, true);
  $("parameters-range").textContent = range === null ? "" : `${range[0].toFixed(3)} to ${range[1].toFixed(3)}`;
  $("bits-range").textContent = most === null ? "" : `0 to ${Math.round(most[1])}`;
}

async function show(info) {
  if (info.base >= 0 && info.base !== base) {
    await load($("base"), `base/${info.base}.jpg`);
    base = info.base;
  }
  await load($("shown"), `picture/${info.number}.jpg`);
  $("kind").textContent = `output: ${info.kind}`;
  const message = info.au === undefined ? "no message"
    : `access unit ${info.au}, gfv_id ${info.gfv_id}, gfv_cnt ${info.gfv_cnt}, ${8 * info.payload_size} bits, ${info.syntax}`;
  $("state").textContent = `picture ${info.number} · ${message}`;
  remember(past.lines, info.number, (info.points || []).flat().concat(info.elements || []));
  remember(past.bits, info.number, [8 * (info.payload_size || 0)]);
  latest = info;
  draw();
}

function end(text) {
  $("state").textContent = text;
  $("state").className = "ended";
}

async function main() {
  try {
    const about = await (await fetch("about")).json();
    $("title").textContent = document.title = `gfv play ${about.title}`;
    for (;;) {
      const answer = await fetch(`next?after=${after}`);
      if (answer.status !== 200) continue;
      const info = await answer.json();
      if (info.ended) return end(`the stream is at its end, picture ${after} was the last; gfv play --loop repeats it`);
      after = info.number;
      await show(info).catch(() => {});
    }
  } catch {
    end("gfv play has ended; its terminal says why");
  }
}

$("points").addEventListener("change", draw);
window.addEventListener("resize", draw);
main();
