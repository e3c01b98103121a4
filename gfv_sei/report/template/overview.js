// The summary, the findings, and what is printed.

const FINDING_ROW = 46;

function showOverview() {
  const { tables, units, messages } = store;
  const { summary } = tables;
  const sum = (array) => array.reduce((total, one) => total + one, 0);
  const parts = { slice: sum(units.slice), sei: sum(units.sei), other: sum(units.other) };
  fillWith($("overview"),
    el("div", { className: "cards" },
      titled("Stream", el("dl", { className: "facts" },
        fact("File", tables.name),
        fact("Codec", summary.codec.toUpperCase()),
        fact("Size", bytesInWords(summary.bytes)),
        fact("Access units", grouped(summary.access_units)),
        fact("Pictures", grouped(summary.pictures)),
        (summary.formats ?? []).map((one) => fact("Format", formatInWords(one))),
        fact("Layers", summary.layers.join(", ") || "none"),
        fact("NAL units", grouped(summary.nal_units)),
        fact("GFV syntax", syntaxInWords()),
        fact("Findings", severitiesInWords()),
        summary.broken_sei_nal_units ? fact("Broken SEI", plural(summary.broken_sei_nal_units, "NAL unit")) : null)),
      titled("Where the bits are", shareBar(parts, summary.bytes)),
      titled("SEI messages", table(["payload type", "name", "messages", "bytes", "mean"], summary.sei_messages.map((row) => [
        row.payload_type, row.name, grouped(row.count), grouped(row.payload_bytes), (row.payload_bytes / row.count).toFixed(1)]), [0, 2, 3, 4])),
      titled("GFV and GFVE by identifier", table(["identifier", "messages", "base", "predicted", "low conf.", "bytes", "AU"], byIdentifier(messages), [1, 2, 3, 4, 5])),
      titled("NAL units", table(["type", "name", "count", "bytes", "share"], summary.nal_unit_types.map((row) => [
        row.nal_type, row.name, grouped(row.count), grouped(row.bytes), `${((100 * row.bytes) / summary.bytes).toFixed(1)} %`]), [0, 2, 3, 4])),
      notes()),
  );
}

const formatInWords = (one) => `${one.width} × ${one.height}, ${one.chroma_format}, ${one.bit_depth} bit`;

function syntaxInWords() {
  const { tables } = store;
  if (!tables.summary.sei_messages.some((row) => isOurs(row.payload_type))) return "no GFV message";
  const also = tables.syntax_also.length ? ` (fits ${tables.syntax_also.join(" and ")} as well)` : "";
  return tables.syntax + also;
}

function severitiesInWords() {
  const found = Object.entries(store.tables.severities).map(([severity, number]) => plural(number, severity, severity === "ignored" ? severity : undefined));
  return found.join(", ") || "none";
}

function shareBar(parts, whole) {
  const names = [["slice", "coded", "pictures"], ["other", "other", "other NAL units"], ["sei", "sei", "SEI"]];
  return el("div", { className: "share" },
    el("div", { className: "share-bar" }, names.map(([part, name]) => {
      const piece = el("span", { className: `piece ${name}` });
      piece.style.width = `${(100 * parts[part]) / whole}%`;
      return piece;
    })),
    el("ul", {}, names.map(([part, name, label]) => el("li", {}, el("span", { className: `key ${name}` }, label),
      el("b", {}, `${((100 * parts[part]) / whole).toFixed(1)} %`), el("span", { className: "soft" }, bytesInWords(parts[part]))))));
}

function byIdentifier(messages) {
  const found = new Map();
  for (let m = 0; m < messages.count; m++) {
    if (!isOurs(messages.type[m])) continue;
    const who = messages.id[m].length ? `${payloadName(messages.type[m])} ${idInWords(messages.id[m])}` : `${payloadName(messages.type[m])}, cannot be read`;
    if (!found.has(who)) found.set(who, { count: 0, base: 0, predicted: 0, unsure: 0, bytes: 0, first: auOf(m), last: 0 });
    const one = found.get(who);
    one.count += 1;
    one.base += has(m, FLAGS.base);
    one.predicted += has(m, FLAGS.kps | FLAGS.matrices);
    one.unsure += has(m, FLAGS.unsure);
    one.bytes += messages.size[m];
    one.last = auOf(m);
  }
  return [...found].map(([who, one]) => [who, grouped(one.count), grouped(one.base), grouped(one.predicted), grouped(one.unsure),
    grouped(one.bytes), one.first === one.last ? String(one.first) : `${one.first} – ${one.last}`]);
}

function table(heads, rows, right) {
  const cells = (tag, row) => row.map((value, i) => el(tag, { className: right.includes(i) ? "right" : "" }, String(value)));
  if (!rows.length) return el("p", { className: "soft" }, "none");
  return el("table", { className: "plain" }, el("thead", {}, el("tr", {}, cells("th", heads))),
    el("tbody", {}, rows.map((row) => el("tr", {}, cells("td", row)))));
}

function notes() {
  const { tables } = store;
  const said = [...tables.notes];
  if (!tables.explained) said.push("The page was made without looking for messages that reference software reads differently.");
  if (tables.compat) said.push(`Values are those that ${tables.compat.toUpperCase()} shows, its quirks included.`);
  if (!store.pictures.size && !tables.notes.length) said.push("The page was made without pictures.");
  if (tables.generator) said.push(`Generated pictures are of the generator ${tables.generator}.`);
  if (tables.cut.payloads) said.push(`Cut short: ${plural(tables.cut.payloads, "long payload")}.`);
  said.push(`Written by gfv ${tables.version}.`);
  return titled("About this page", el("ul", { className: "notes" }, said.map((line) => el("li", {}, line))));
}

/** The findings view: the rules that are broken, and where. */
function showFindings(go) {
  const { findings, tables } = store;
  const host = $("findings");
  if (!findings.length) {
    host.replaceChildren(el("p", { className: "empty" }, "The validator has nothing to say: every GFV and GFVE message conforms."));
    return;
  }
  const counts = new Map();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  let shown = findings;
  const lines = el("div", { className: "finding-list", tabIndex: -1 });
  const list = new VirtualList(lines, FINDING_ROW, (row, index) => {
    const finding = shown[index];
    const at = [["AU", finding.au], ["NAL", finding.nal], ["bit", finding.bit]].filter(([, value]) => value !== undefined);
    row.append(
      el("b", { className: `dot ${finding.severity}`, title: finding.severity }),
      el("span", { className: "rule" }, finding.rule),
      el("span", { className: "where" }, at.map(([name, value]) => `${name} ${value}`).join(" · ")),
      el("span", { className: "what" }, findingInWords(finding)),
    );
    row.title = tables.rules[finding.rule].demands;
  });
  lines.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) go(shown[row.dataset.index]);
  });
  const rules = [...counts].map(([name, count]) => {
    const rule = tables.rules[name];
    const button = el("button", { type: "button", className: "rule-box", aria: { pressed: "false" } },
      el("span", { className: "rule-head" }, el("b", { className: `dot ${rule.severity}` }), el("b", {}, name), el("span", { className: "grow" }), grouped(count)),
      el("span", {}, rule.demands), el("span", { className: "soft" }, rule.clause));
    button.onclick = () => {
      const wasOn = button.getAttribute("aria-pressed") === "true";
      for (const other of rules) other.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", String(!wasOn));
      shown = wasOn ? findings : findings.filter((finding) => finding.rule === name);
      lines.scrollTop = 0;
      list.setCount(shown.length);
    };
    return button;
  });
  host.replaceChildren(el("aside", {}, el("h2", {}, `${plural(findings.length, "finding")}`), rules), lines);
  list.setCount(shown.length);
}

const MOST_PRINTED = 400;

/** On paper nothing scrolls: what lists hold is written out, as far as that is of use. */
function fillPrinted() {
  const parts = [];
  if (store.findings.length) {
    const rows = store.findings.slice(0, MOST_PRINTED).map((finding) => [finding.severity, finding.rule, finding.au ?? "", finding.nal ?? "", findingInWords(finding)]);
    parts.push(titled("Findings", table(["severity", "rule", "AU", "NAL", "what"], rows, [2, 3])));
    if (store.findings.length > MOST_PRINTED) parts.push(el("p", {}, `and ${grouped(store.findings.length - MOST_PRINTED)} more`));
  }
  const elements = detailState.bytes?.rows.filter((row) => !row.loop) ?? [];
  if (elements.length && state.message >= 0) {
    const rows = elements.slice(0, MOST_PRINTED).map((row) => [row.inferred ? "" : row.at, row.descriptor, row.label, row.value]);
    parts.push(titled(`Syntax elements of ${messageInWords(state.message)}, AU ${auOf(state.message)}`, table(["bit", "descriptor", "element", "value"], rows, [0, 3])));
    if (elements.length > MOST_PRINTED) parts.push(el("p", {}, `and ${grouped(elements.length - MOST_PRINTED)} more`));
  }
  $("printed").replaceChildren(...parts);
}
