"use strict";

// One question at a time: the number of the newest picture, then that picture. What is slower than the player skips.
const $ = (name) => document.getElementById(name);
const LONGEST = 250;
const past = { lines: [], bits: [] };
let after = -1;
let base = -1;

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

function drawLines(canvas, rows, fromZero) {
  const to = context(canvas);
  const known = rows.flat();
  if (!known.length) return;
  const low = fromZero ? 0 : Math.min(...known);
  const high = Math.max(...known, low + 1e-6);
  const count = Math.max(...rows.map((row) => row.length));
  for (let line = 0; line < count; line++) {
    to.strokeStyle = colour(line, count);
    to.lineWidth = canvas.height / 90;
    to.beginPath();
    rows.forEach((row, place) => {
      if (line < row.length) {
        const x = (place / (LONGEST - 1)) * canvas.width;
        to.lineTo(x, canvas.height * (0.95 - (0.9 * (row[line] - low)) / (high - low)));
      }
    });
    to.stroke();
  }
}

function remember(rows, row) {
  rows.push(row);
  if (rows.length > LONGEST) rows.shift();
}

function load(image, address) {
  return new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = reject;
    image.src = address;
  });
}

async function show(info) {
  const points = info.points || [];
  if (info.base >= 0 && info.base !== base) {
    await load($("base"), `base/${info.base}.jpg`);
    base = info.base;
  }
  await load($("shown"), `picture/${info.number}.jpg`);
  $("kind").textContent = `output: ${info.kind}`;
  const message = info.au === undefined ? "no message"
    : `access unit ${info.au}, gfv_id ${info.gfv_id}, gfv_cnt ${info.gfv_cnt}, ${8 * info.payload_size} bits, ${info.syntax}`;
  $("state").textContent = `picture ${info.number} · ${message}`;
  remember(past.lines, points.flat().concat(info.elements || []));
  remember(past.bits, [8 * (info.payload_size || 0)]);
  drawPoints($("base-points"), info.base_points);
  drawPoints($("shown-points"), points, info.base_points);
  drawLines($("parameters"), past.lines, false);
  drawLines($("bits"), past.bits, true);
}

async function main() {
  const about = await (await fetch("about")).json();
  $("title").textContent = document.title = `gfv play ${about.title}`;
  for (;;) {
    try {
      const answer = await fetch(`next?after=${after}`);
      if (answer.status !== 200) continue;
      const info = await answer.json();
      after = info.number;
      await show(info).catch(() => {});
    } catch {
      $("state").textContent = "the player has ended";
      return;
    }
  }
}

main();
