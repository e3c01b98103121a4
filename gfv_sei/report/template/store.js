// The data of the page. Blocks lie in script elements as base64 of deflated bytes; gfv_sei.report.blocks writes them.

function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function inflated(script) {
  const stream = new Blob([fromBase64(script.textContent)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}

const blocksNamed = (name) => [...document.querySelectorAll(`script[data-block="${name}"]`)];

const json = async (script) => JSON.parse(new TextDecoder().decode(await inflated(script)));

const allJson = (name) => Promise.all(blocksNamed(name).map(json));

/** The bits of a message's flags: base, kps, matrices (both: predicted), unsure, fusion, network, key. */
const FLAGS = {};

const GFV = 223;
const GFVE = 224;
const isOurs = (type) => type === GFV || type === GFVE;

const store = { tables: null, nal: null, units: null, messages: null, findings: [], pictures: new Map() };

async function load() {
  const [tables, nal, messages, findings] = await Promise.all([
    allJson("tables"), allJson("nal"), allJson("messages"), allJson("findings"),
  ]);
  if (!tables.length) throw new Error("the page is not complete");
  store.tables = tables[0];
  store.tables.flags.forEach((name, bit) => { FLAGS[name] = 1 << bit; });
  store.nal = nalUnits(nal);
  store.units = accessUnits(store.nal, store.tables);
  store.messages = messageIndex(messages, store.nal);
  store.findings = findings.flat();
  placeFindings();
  indexPictures();
}

function nalUnits(parts) {
  const count = parts.reduce((sum, part) => sum + part.offset.length, 0);
  const found = {
    count,
    type: new Uint8Array(count),
    au: new Uint32Array(count),
    offset: new Float64Array(count),
    layer: new Uint8Array(count),
    temporal: new Uint8Array(count),
    size: new Float64Array(count),
    findings: new Map(),
  };
  let at = 0;
  for (const part of parts) {
    for (const name of ["type", "au", "offset", "layer", "temporal"]) found[name].set(part[name], at);
    at += part.offset.length;
  }
  for (let i = 0; i < count; i++) {
    found.size[i] = (i + 1 < count ? found.offset[i + 1] : store.tables.summary.bytes) - found.offset[i];
  }
  return found;
}

function accessUnits(nal, tables) {
  const count = nal.count ? nal.au[nal.count - 1] + 1 : 0;
  const found = {
    count,
    first: new Uint32Array(count + 1).fill(nal.count),
    slice: new Float64Array(count),
    sei: new Float64Array(count),
    other: new Float64Array(count),
    worst: new Uint8Array(count), // severity of its findings
    base: new Uint8Array(count),
    poc: tables.poc,
    display: tables.display,
    findings: new Map(),
  };
  const kind = Object.fromEntries(Object.entries(tables.nal_types).map(([type, [, what]]) => [type, what]));
  for (let i = nal.count - 1; i >= 0; i--) {
    const au = nal.au[i];
    found[kind[nal.type[i]]][au] += nal.size[i];
    found.first[au] = i;
  }
  for (const au of tables.bases) found.base[au] = 1;
  return found;
}

function messageIndex(parts, nal) {
  const count = parts.reduce((sum, part) => sum + part.nal.length, 0);
  const found = { count, firstOf: new Int32Array(nal.count).fill(-1), part: new Uint32Array(count), byPlace: new Map() };
  const columns = { nal: Uint32Array, type: Int32Array, size: Uint32Array, kept: Uint32Array, entries: Uint32Array,
    layout: Int32Array, values: Uint32Array, count: Float64Array, flags: Uint8Array };
  for (const [name, Kind] of Object.entries(columns)) found[name === "count" ? "cnt" : name] = new Kind(count);
  for (const name of ["payloadAt", "outlineAt", "valuesAt"]) found[name] = new Uint32Array(count);
  found.id = [];
  for (const name of ["nested_in", "error", "ignored", "refers", "differs"]) found[name] = new Map();
  let at = 0;
  parts.forEach((part, number) => {
    for (const name of Object.keys(columns)) found[name === "count" ? "cnt" : name].set(part[name], at);
    for (const name of ["nested_in", "error", "ignored", "refers", "differs"]) {
      for (const [row, value] of Object.entries(part[name])) found[name].set(at + Number(row), value);
    }
    found.id.push(...part.id);
    const sums = { payloadAt: 0, outlineAt: 0, valuesAt: 0 };
    for (let i = at; i < at + part.nal.length; i++) {
      found.part[i] = number;
      for (const [name, by] of [["payloadAt", "kept"], ["outlineAt", "entries"], ["valuesAt", "values"]]) {
        found[name][i] = sums[name];
        sums[name] += found[by][i];
      }
      const nalIndex = found.nal[i];
      if (found.firstOf[nalIndex] < 0) found.firstOf[nalIndex] = i;
      if (found.type[i] === GFV && found.id[i].length) {
        const place = `${nal.au[nalIndex]}/${found.id[i][0]}/${found.cnt[i]}`;
        if (!found.byPlace.has(place)) found.byPlace.set(place, i);
      }
    }
    at += part.nal.length;
  });
  return found;
}

const SEVERITIES = ["ignored", "warning", "error"];

function placeFindings() {
  store.findings.forEach((finding, number) => {
    finding.number = number;
    finding.severity = store.tables.rules[finding.rule].severity;
    const rank = SEVERITIES.indexOf(finding.severity) + 1;
    const add = (map, key) => {
      if (!map.has(key)) map.set(key, []);
      map.get(key).push(finding);
    };
    if (finding.nal !== undefined) add(store.nal.findings, finding.nal);
    const au = finding.au ?? (finding.nal === undefined ? undefined : store.nal.au[finding.nal]);
    if (au !== undefined && au < store.units.count) {
      add(store.units.findings, au);
      store.units.worst[au] = Math.max(store.units.worst[au], rank);
    }
  });
}

function indexPictures() {
  for (const script of blocksNamed("picture")) {
    const { kind, au, id, count, format } = script.dataset;
    const key = kind === "generated" ? `${kind}/${au}/${id}/${count}` : `${kind}/${au}`;
    store.pictures.set(key, { script, format });
  }
}

/** The address of a picture, null if the page has none of that key. */
function pictureAddress(key) {
  const found = store.pictures.get(key);
  return found ? `data:image/${found.format};base64,${found.script.textContent}` : null;
}

const inflatedBlocks = new Map();
function detail(name, part) {
  const key = `${name}/${part}`;
  if (!inflatedBlocks.has(key)) inflatedBlocks.set(key, inflated(blocksNamed(name)[part]));
  return inflatedBlocks.get(key);
}

/** The bytes of a payload, as many as the page has. */
async function payloadOf(message) {
  const { part, payloadAt, kept } = store.messages;
  return new Uint8Array(await detail("payloads", part[message]), payloadAt[message], kept[message]);
}

async function outlineOf(message) {
  const { part, outlineAt, entries } = store.messages;
  return new Uint16Array(await detail("outlines", part[message]), 2 * outlineAt[message], entries[message]);
}

async function valuesOf(message) {
  const { part, valuesAt, values } = store.messages;
  return new Float64Array(await detail("values", part[message]), 8 * valuesAt[message], values[message]);
}

const auOf = (message) => store.nal.au[store.messages.nal[message]];

/** The messages of a NAL unit, from one number up to another. */
function messagesOf(nal) {
  const first = store.messages.firstOf[nal];
  if (first < 0) return [0, 0];
  let end = first;
  while (end < store.messages.count && store.messages.nal[end] === nal) end += 1;
  return [first, end];
}

const matrixName = (type) => (type < 0 ? "matrix" : store.tables.matrix_types[type] ?? `matrix type ${type}`);

function payloadName(type) {
  if (type === GFV) return "GFV";
  if (type === GFVE) return "GFVE";
  return store.tables.payload_types[type] ?? "SEI";
}

const idInWords = (id) => (id.length > 1 ? `${id[0]} for GFV ${id[1]}` : String(id[0]));
const has = (message, flag) => Boolean(store.messages.flags[message] & flag);

function messageInWords(message) {
  const { type, id, cnt, error } = store.messages;
  if (type[message] < 0) return "SEI that cannot be taken apart";
  const name = payloadName(type[message]);
  if (!isOurs(type[message])) return name;
  if (error.has(message)) return `${name}, cannot be read`;
  const kind = has(message, FLAGS.base) ? " · base" : "";
  return `${name} ${idInWords(id[message])} · cnt ${cnt[message]}${kind}`;
}
