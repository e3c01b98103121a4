// The right side of the stream view: all about the selected NAL unit or message.

const ELEMENT_ROW = 21;
const HEX_ROW = 22;

const detailState = { inHex: true, inferred: true, redraw: () => {}, bytes: null };

const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];

function placeInWords(nal) {
  const { au, offset, layer, temporal } = store.nal;
  const { poc, display } = store.units;
  const unit = au[nal];
  const found = [`AU ${grouped(unit)}`, `NAL unit ${grouped(nal)}`, `byte ${grouped(offset[nal])}`, store.tables.nal_types[store.nal.type[nal]][0]];
  if (layer[nal]) found.push(`layer ${layer[nal]}`);
  if (temporal[nal]) found.push(`temporal id ${temporal[nal]}`);
  if (poc[unit] !== null && poc[unit] !== undefined) found.push(`POC ${poc[unit]}`);
  if (display[unit] !== null && display[unit] !== undefined) found.push(`shown as ${grouped(display[unit])}`);
  return found.join(" · ");
}

/** Show a NAL unit. */
function showNal(nal, go) {
  const [first, end] = messagesOf(nal);
  const [name, kind] = store.tables.nal_types[store.nal.type[nal]];
  const links = [];
  for (let m = first; m < end; m++) links.push(el("li", {}, messageLink(m, go)));
  const kinds = { slice: "coded slice", sei: "SEI", other: "neither slice nor SEI" };
  detailState.redraw = () => {};
  fillWith($("detail"),
    el("header", {}, el("h2", {}, name), el("p", { className: "place" }, placeInWords(nal))),
    findingBox(store.nal.findings.get(nal) ?? [], go),
    el("dl", { className: "facts" },
      fact("Size", `${bytesInWords(store.nal.size[nal])}, start code included`),
      fact("NAL unit type", `${store.nal.type[nal]}, ${kinds[kind]}`),
      fact("Layer", String(store.nal.layer[nal])),
      fact("Temporal id", String(store.nal.temporal[nal]))),
    links.length ? el("section", {}, el("h3", {}, "Messages"), el("ul", { className: "links" }, links)) : null,
    unitBox(store.nal.au[nal], go),
  );
}

/** The NAL units of an access unit as links. */
function unitBox(unit, go) {
  const { first } = store.units;
  const items = [];
  const end = Math.min(store.nal.count, first[unit] + 60);
  for (let i = first[unit]; i < end && store.nal.au[i] === unit; i++) {
    const link = el("button", { type: "button", className: "link", onclick: () => go({ nal: i }) }, `${i} ${store.tables.nal_types[store.nal.type[i]][0]}`);
    items.push(el("li", {}, link, el("span", { className: "soft" }, ` ${bytesInWords(store.nal.size[i])}`)));
  }
  return el("section", {}, el("h3", {}, `Access unit ${unit}`), el("ul", { className: "links" }, items));
}

function messageLink(message, go) {
  const label = `${messageInWords(message)}, AU ${auOf(message)}`;
  return el("button", { type: "button", className: "link", onclick: () => go({ message }) }, label);
}

/** Show a message; what takes inflating comes in a moment. */
async function showMessage(message, go, isCurrent) {
  const { messages } = store;
  const nal = messages.nal[message];
  const type = messages.type[message];
  const [payload, outline, figure, values] = await Promise.all([
    payloadOf(message), outlineOf(message), faceFigure(message), valueTables(message),
  ]);
  if (!isCurrent()) return;
  const findings = findingsAt(nal, message);
  const nested = messages.nested_in.has(message) ? `, inside of ${payloadName(messages.nested_in.get(message))}` : "";
  const size = type < 0 ? "" : ` · payload of ${plural(messages.size[message], "byte")}${nested}`;
  const rows = outline.length ? elementRows(payload, outline, store.tables.kinds)
    : [{ name: "payload", label: "payload", descriptor: "b(8)", at: 0, length: 8 * payload.length, value: plural(payload.length, "byte"), depth: 0 }];
  const bits = payload.length || outline.length ? bitsBox(payload, rows, findings, messages.size[message]) : null;
  const parts = figure || values.length ? el("div", { className: "face-and-values" }, figure, el("div", { className: "values" }, values)) : null;
  fillWith($("detail"),
    el("header", {},
      el("h2", {}, messageInWords(message)),
      el("p", { className: "place" }, `${placeInWords(nal)}${size}`),
      chips(message)),
    problemBox(message),
    findingBox(findings, go),
    differenceBox(message),
    referenceBox(message, go),
    parts,
    bits?.box ?? null,
  );
  detailState.redraw = () => figure?.redraw();
  detailState.bytes = bits;
  bits?.begin();
}

function chips(message) {
  const found = [];
  const flags = [
    [FLAGS.base, "base message"], [FLAGS.kps, "keypoints predicted"], [FLAGS.matrices, "matrices predicted"],
    [FLAGS.unsure, "low confidence"], [FLAGS.fusion, "fusion with the decoded picture"], [FLAGS.network, "network announced"],
    [FLAGS.key, "chroma key"],
  ];
  for (const [flag, label] of flags) if (has(message, flag)) found.push(el("span", { className: "chip" }, label));
  if (store.tables.compat) found.push(el("span", { className: "chip strong" }, `values as ${store.tables.compat.toUpperCase()} shows them`));
  return found.length ? el("p", { className: "chips" }, found) : null;
}

function problemBox(message) {
  const { error, ignored } = store.messages;
  if (error.has(message)) return el("div", { className: "box error" }, el("b", {}, "Cannot be read"), el("p", {}, error.get(message)));
  if (ignored.has(message)) return el("div", { className: "box ignored" }, el("b", {}, "A decoder ignores this message"), el("p", {}, ignored.get(message)));
  return null;
}

/** What a finding says besides its rule. */
function findingInWords(finding) {
  const value = finding.value === undefined ? "" : ` = ${finding.value}`;
  const allowed = finding.allowed === undefined ? "" : ` (allowed: ${finding.allowed})`;
  const bit = finding.bit === undefined ? "" : `, bit ${finding.bit}`;
  return `${finding.element === undefined ? "" : `${finding.element}${value}${bit}: `}${finding.what}${allowed}`;
}

const KNOWN_KEYS = new Set(["rule", "what", "au", "nal", "offset", "message", "bit", "element", "value", "allowed", "number", "severity"]);

function findingParts(finding) {
  const rule = store.tables.rules[finding.rule];
  const more = Object.entries(finding).filter(([key, value]) => !KNOWN_KEYS.has(key) && value !== null && value !== "");
  return [
    el("b", {}, finding.rule), ` ${findingInWords(finding)}`,
    el("p", { className: "soft" }, `${rule.demands} [${rule.clause}]`),
    more.map(([key, value]) => el("p", { className: "soft" }, `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)),
  ];
}

function findingBox(findings) {
  if (!findings.length) return null;
  return el("div", { className: `box ${worstOf(findings)}`, id: "found-here" },
    findings.slice(0, 50).map((finding) => el("div", { className: "finding" }, findingParts(finding))),
    findings.length > 50 ? el("p", {}, `and ${findings.length - 50} more`) : null);
}

function differenceBox(message) {
  const differs = store.messages.differs.get(message);
  if (!differs) return null;
  return el("div", { className: "box differs" }, el("b", {}, "Read differently"),
    el("ul", {}, differs.map(([who, what, why]) => el("li", {}, el("b", {}, who), `: ${what}. `, el("span", { className: "soft" }, why)))));
}

function referenceBox(message, go) {
  const refers = store.messages.refers.get(message) ?? [];
  const by = referringTo(message);
  if (!refers.length && !by.length) return null;
  return el("dl", { className: "references" },
    refers.map(([why, other]) => fact(store.tables.reasons[why], messageLink(other, go))),
    by.length ? fact("referred to by", [messageLink(by[0], go), by.length > 1 ? el("span", { className: "soft" }, ` and ${plural(by.length - 1, "more", "more")}`) : ""]) : null);
}

/** The messages that predict from a message, at most some. */
function referringTo(message) {
  const found = [];
  const { refers, count } = store.messages;
  for (let other = message + 1; other < Math.min(count, message + 2000); other++) {
    if ((refers.get(other) ?? []).some(([why, number]) => number === message && store.tables.reasons[why] !== BASE_OF)) found.push(other);
  }
  return found;
}

/** Tables of the values of a message. */
async function valueTables(message) {
  const { layout } = store.messages;
  if (layout[message] < 0) return [];
  const values = await valuesOf(message);
  const found = [];
  let at = 0;
  for (const [kind, ...sizes] of store.tables.layouts[layout[message]]) {
    if (kind === "coordinates") {
      const [axes, count] = sizes;
      found.push(pointTable(values.subarray(at, at + axes * count), axes, count));
      at += axes * count;
    } else if (kind === "matrices") {
      const [type, number, rows, columns] = sizes;
      found.push(matrixTable(values.subarray(at, at + number * rows * columns), type, number, rows, columns));
      at += number * rows * columns;
    } else {
      found.push(pupilTable(values.subarray(at, at + 4)));
      at += 4;
    }
  }
  if (at > values.length) found.push(el("p", { className: "note" }, `The first ${plural(values.length, "value")} of ${grouped(at)} are in this page.`));
  return found;
}

const cell = (value, decimals) => el("td", {}, value === undefined ? "" : aligned(value, decimals));

function pointTable(values, axes, count) {
  const decimals = decimalsFor(values.slice(0, 200));
  const shown = Math.min(count, 300);
  const tables = [];
  for (let first = 0; first < shown; first += 16) {
    const rows = [];
    for (let i = first; i < Math.min(shown, first + 16); i++) {
      rows.push(el("tr", {}, el("th", {}, String(i)), Array.from({ length: axes }, (_, axis) => cell(values[axis * count + i], decimals))));
    }
    const heads = [..."xyz"].slice(0, axes).map((axis) => el("th", {}, axis));
    tables.push(el("table", { className: "numbers" }, el("thead", {}, el("tr", {}, el("th", {}, ""), heads)), el("tbody", {}, rows)));
  }
  return titled(plural(count, "keypoint"), el("div", { className: "matrices" }, tables));
}

function matrixTable(values, type, number, rows, columns) {
  const decimals = decimalsFor(values.slice(0, 200));
  const tables = [];
  for (let m = 0; m < Math.min(number, 12); m++) {
    const body = [];
    for (let r = 0; r < Math.min(rows, 24); r++) {
      const at = (m * rows + r) * columns;
      body.push(el("tr", {}, Array.from({ length: Math.min(columns, 24) }, (_, c) => cell(values[at + c], decimals))));
    }
    tables.push(el("table", { className: "numbers matrix" }, el("tbody", {}, body)));
  }
  const title = `${matrixName(type)}${type >= 0 ? `, type ${type}` : ""}: ${number > 1 ? `${number} of ` : ""}${rows} × ${columns}`;
  return titled(title[0].toUpperCase() + title.slice(1), el("div", { className: "matrices" }, tables));
}

function pupilTable(values) {
  const decimals = decimalsFor(values);
  const row = (name, at) => el("tr", {}, el("th", {}, name), cell(values[at], decimals), cell(values[at + 1], decimals));
  return titled("Pupils", el("table", { className: "numbers" },
    el("thead", {}, el("tr", {}, el("th", {}, ""), el("th", {}, "x"), el("th", {}, "y"))), el("tbody", {}, row("left", 0), row("right", 2))));
}

const titled = (title, content) => el("section", {}, el("h3", {}, title), content);

/** Syntax elements and hex beside each other; hovering one shows the other. */
function bitsBox(bytes, rows, findings, size) {
  const closed = new Set();
  let visible = [];
  let hovered = null;
  let pinned = null;
  const tree = el("div", { className: "tree", tabIndex: -1 });
  const hex = el("div", { className: "hex", tabIndex: -1 });
  const output = el("output", { className: "soft" });
  const bad = findingsByRow(rows, findings);
  const bytesPerRow = () => (detailState.inHex ? 16 : 6);

  const fillTree = (line, index) => {
    const row = rows[visible[index]];
    line.classList.toggle("loop", Boolean(row.loop));
    line.classList.toggle("inferred", Boolean(row.inferred));
    line.classList.toggle("pinned", row === pinned);
    line.classList.toggle("hovered", row === hovered);
    const name = el("span", { className: "name" }, row.loop ? `${closed.has(row) ? "▸" : "▾"} ${row.counts.join(" × ")} times` : row.label);
    name.style.paddingLeft = `${row.depth * 14}px`;
    if (row.loop) name.append(el("i", {}, `, by ${row.name}`));
    if (bad.has(row)) {
      line.classList.add("bad");
      line.title = bad.get(row).map(findingInWords).join("\n");
      name.append(el("b", { className: `dot ${worstOf(bad.get(row))}` }));
    }
    line.append(
      el("span", { className: "at" }, row.inferred ? "" : String(row.at)),
      el("span", { className: "descriptor" }, row.loop ? "" : row.descriptor),
      name,
      el("span", { className: "value", title: (row.value ?? "").length > 24 ? row.value : "" }, row.loop ? "" : row.value),
    );
  };
  const fillHex = (line, index) => {
    const each = bytesPerRow();
    const first = index * each;
    line.append(el("span", { className: "offset" }, first.toString(16).padStart(4, "0")));
    for (let i = first; i < Math.min(first + each, bytes.length); i++) {
      const text = detailState.inHex ? bytes[i].toString(16).padStart(2, "0") : bytes[i].toString(2).padStart(8, "0");
      const byte = el("span", { className: "byte", data: { at: i } }, text);
      paint(byte, i);
      line.append(byte);
    }
  };
  const paint = (byte, i) => {
    const layers = [];
    for (const [row, name] of [[hovered, "--hover"], [pinned, "--pin"]]) {
      if (!row || !row.length) continue;
      const from = Math.max(0, row.at - 8 * i);
      const to = Math.min(8, row.at + row.length - 8 * i);
      if (from < to) layers.push(`linear-gradient(to right, transparent ${12.5 * from}%, var(${name}) ${12.5 * from}% ${12.5 * to}%, transparent ${12.5 * to}%)`);
    }
    byte.style.backgroundImage = layers.join(", ");
    byte.classList.toggle("touched", layers.length > 0);
  };
  const repaint = () => {
    for (const byte of hex.querySelectorAll(".byte")) paint(byte, Number(byte.dataset.at));
    for (const line of tree.querySelectorAll(".row")) {
      line.classList.toggle("hovered", rows[visible[line.dataset.index]] === hovered);
      line.classList.toggle("pinned", rows[visible[line.dataset.index]] === pinned);
    }
    const shown = hovered ?? pinned;
    output.textContent = shown ? `${shown.loop ? shown.name : shown.label}: ${shown.length ? bitsInWords(shown) : "inferred"}` : "";
  };
  const treeList = new VirtualList(tree, ELEMENT_ROW, fillTree);
  const hexList = new VirtualList(hex, HEX_ROW, fillHex);
  const layOut = () => {
    visible = [];
    for (let i = 0; i < rows.length; i++) {
      if (!rows[i].inferred || detailState.inferred) visible.push(i);
      if (rows[i].loop && closed.has(rows[i])) i = rows[i].end - 1;
    }
    treeList.setCount(visible.length);
    hexList.setCount(Math.ceil(bytes.length / bytesPerRow()));
    tree.style.height = `min(${visible.length * ELEMENT_ROW + 2}px, var(--tallest))`;
    hex.style.height = `min(${Math.ceil(bytes.length / bytesPerRow()) * HEX_ROW + 2}px, var(--tallest))`;
  };
  const hover = (row) => {
    if (row === hovered) return;
    hovered = row;
    repaint();
  };
  const rowAtBit = (bit) => rows.find((row) => !row.loop && row.length && row.at <= bit && bit < row.at + row.length) ?? null;
  const reveal = (row) => {
    for (const loop of rows) if (loop.loop && closed.has(loop) && rows.indexOf(row) < loop.end && rows.indexOf(row) > rows.indexOf(loop)) closed.delete(loop);
    layOut();
    treeList.show(visible.indexOf(rows.indexOf(row)));
  };

  tree.addEventListener("pointermove", (event) => {
    const line = event.target.closest(".row");
    hover(line ? rows[visible[line.dataset.index]] : null);
  });
  tree.addEventListener("pointerleave", () => hover(null));
  tree.addEventListener("click", (event) => {
    const line = event.target.closest(".row");
    if (!line) return;
    const row = rows[visible[line.dataset.index]];
    if (row.loop) {
      if (!closed.delete(row)) closed.add(row);
      layOut();
      return;
    }
    pinned = pinned === row ? null : row;
    if (pinned?.length) hexList.show(Math.floor(pinned.at / 8 / bytesPerRow()));
    repaint();
  });
  const bitUnder = (event) => {
    const byte = event.target.closest(".byte");
    if (!byte) return -1;
    const { left, width } = byte.getBoundingClientRect();
    return 8 * Number(byte.dataset.at) + Math.min(7, Math.max(0, Math.floor((8 * (event.clientX - left)) / width)));
  };
  hex.addEventListener("pointermove", (event) => {
    const bit = bitUnder(event);
    if (bit < 0) return; // between two bytes
    const row = rowAtBit(bit);
    hover(row);
    if (row && !tree.matches(":hover")) {
      const place = visible.indexOf(rows.indexOf(row));
      if (place >= 0) treeList.show(place);
    }
  });
  hex.addEventListener("pointerleave", () => hover(null));
  hex.addEventListener("click", (event) => {
    const bit = bitUnder(event);
    if (bit < 0) return;
    const row = rowAtBit(bit);
    pinned = row === pinned ? null : row;
    if (pinned) reveal(pinned);
    repaint();
  });

  const toggle = el("button", { type: "button", id: "hex-or-bits", title: "Hex or bits (h)" });
  const inferred = el("input", { type: "checkbox", id: "show-inferred", checked: detailState.inferred });
  const update = () => {
    toggle.textContent = detailState.inHex ? "bits" : "hex";
    hex.classList.toggle("binary", !detailState.inHex);
    layOut();
  };
  toggle.onclick = () => {
    detailState.inHex = !detailState.inHex;
    update();
  };
  inferred.onchange = () => {
    detailState.inferred = inferred.checked;
    layOut();
  };
  const count = rows.filter((row) => !row.loop && !row.inferred).length;
  const cut = bytes.length < size ? el("p", { className: "note" }, `The first ${plural(bytes.length, "byte")} of ${grouped(size)} are in this page.`) : null;
  const box = el("section", { className: "bits-box" },
    el("div", { className: "bits-head" }, el("h3", {}, `Syntax, ${plural(count, "element")}`),
      el("label", {}, inferred, " inferred"), output, el("span", { className: "grow" }), toggle),
    el("div", { className: "tree-and-hex" }, tree, hex), cut);
  return {
    box, rows, bytes,
    toggle: () => toggle.click(),
    begin() {
      update();
      if (bad.size) {
        pinned = [...bad.keys()][0];
        reveal(pinned);
        repaint();
      }
    },
  };
}

/** The rows that findings are about: by their bit, or else by the name of their element. */
function findingsByRow(rows, findings) {
  const found = new Map();
  for (const finding of findings) {
    const label = finding.element?.replaceAll(" ", "");
    const elements = rows.filter((row) => !row.loop);
    const named = label && (elements.find((row) => row.label === label) ?? elements.find((row) => row.name === label));
    const row = named || (finding.bit === undefined ? null
      : elements.find((one) => one.length && one.at <= finding.bit && finding.bit < one.at + one.length));
    if (row) found.set(row, [...(found.get(row) ?? []), finding]);
  }
  return found;
}

const bitsInWords = ({ at, length }) => (length === 1 ? `bit ${at}` : `bits ${at} to ${at + length - 1}`);
