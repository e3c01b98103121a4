// From payload and outline to syntax elements: their names, places, values and nesting.

/** Unsigned number of some bits; a BigInt where a number would not hold it. */
function readBits(bytes, at, length) {
  if (length > 52) {
    let wide = 0n;
    for (let i = at; i < at + length; i++) wide = (wide << 1n) | BigInt((bytes[i >> 3] >> (7 - (i & 7))) & 1);
    return wide;
  }
  let value = 0;
  for (let i = at; i < at + length; i++) value = value * 2 + ((bytes[i >> 3] >> (7 - (i & 7))) & 1);
  return value;
}

function readUe(bytes, at) {
  let zeros = 0;
  const end = 8 * bytes.length;
  while (at + zeros < end && !((bytes[(at + zeros) >> 3] >> (7 - ((at + zeros) & 7))) & 1)) zeros += 1;
  const code = readBits(bytes, at + zeros, zeros + 1);
  return { length: 2 * zeros + 1, value: typeof code === "bigint" ? code - 1n : code - 1 };
}

const BITS_BEHIND = new Set(["reserved_payload_extension_data", "payload_trailing_bits"]);

function valueOf(bytes, at, length, name, descriptor) {
  if (descriptor === "st(v)") return JSON.stringify(new TextDecoder().decode(bytes.subarray(at >> 3, ((at + length) >> 3) - 1)));
  if (descriptor === "b(8)") return plural(length / 8, "byte");
  if (BITS_BEHIND.has(name)) {
    let text = "";
    for (let i = at; i < at + Math.min(length, 64); i++) text += (bytes[i >> 3] >> (7 - (i & 7))) & 1;
    return length > 64 ? `${text}…` : text;
  }
  return String(readBits(bytes, at, length));
}

/**
 * The rows of a syntax tree: loops and the elements in them. A row has name, label (name and subscripts), descriptor,
 * at and length in bits, value, depth; inferred ones have no length; loops have `end`, the row behind their last one.
 */
function elementRows(bytes, outline, kinds) {
  const rows = [];
  const loops = [];
  let at = 0;
  for (const number of outline) {
    const [name, descriptor, coded, extra] = kinds[number];
    if (descriptor === "end") {
      loops.pop().row.end = rows.length;
      continue;
    }
    const depth = loops.length;
    if (descriptor === "loop") {
      const outer = loops.flatMap(({ turn }) => turn);
      const row = { name, loop: true, counts: extra, depth, at, end: 0, label: name };
      rows.push(row);
      loops.push({ row, counts: extra, met: new Map(), turn: [], outer });
      continue;
    }
    const inner = loops.at(-1);
    if (inner) {
      const turn = inner.met.get(name) ?? 0;
      inner.met.set(name, turn + 1);
      inner.turn = subscripts(turn, inner.counts);
    }
    const label = name + loops.flatMap(({ turn }) => turn).map((index) => `[${index}]`).join("");
    if (descriptor === "inferred") {
      if (extra !== null) rows.push({ name, label, descriptor, at, length: 0, value: String(extra), inferred: true, depth });
      continue;
    }
    let length = coded;
    let value;
    if (coded < 0) ({ length, value } = readUe(bytes, at));
    else value = at + length <= 8 * bytes.length || descriptor === "b(8)" ? valueOf(bytes, at, length, name, descriptor) : "…";
    rows.push({ name, label, descriptor, at, length, value: String(value), depth });
    at += length;
  }
  for (const { row } of loops) row.end = rows.length; // a payload that breaks in a loop
  for (const row of rows) if (row.loop) row.length = lengthOf(rows, row);
  return rows;
}

function lengthOf(rows, loop) {
  const next = rows.slice(loop.end).find((row) => !row.loop);
  const last = rows[loop.end - 1];
  return (next ? next.at : last.at + (last.length ?? 0)) - loop.at;
}

function subscripts(turn, counts) {
  const found = [];
  for (const count of [...counts].reverse()) {
    found.unshift(turn % count);
    turn = Math.floor(turn / count);
  }
  return found;
}
