// The list of NAL units and, below each, its SEI messages. Filtered by words and keys.

const ROW = 24;
const MESSAGE = 2 ** 31; // an entry of the list is the number of a NAL unit, or of a message with this added

class StreamList {
  constructor(onSelect) {
    this.onSelect = onSelect;
    this.entries = new Uint32Array(0);
    this.places = new Map();
    this.current = -1;
    this.host = $("list");
    this.list = new VirtualList(this.host, ROW, (row, index) => this.fill(row, index));
    this.host.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.choose(Number(row.dataset.index));
    });
    let timer = 0;
    $("filter").addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.filter(), 80);
    });
    $("kinds").addEventListener("change", () => this.filter());
    this.filter();
  }

  /** Apply what stands in the filter. */
  filter() {
    const tests = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean).map(test);
    const kind = $("kinds").value;
    const { nal, messages } = store;
    const found = [];
    const plain = kind === "all";
    for (let i = 0; i < nal.count; i++) {
      if (plain && tests.every((fits) => fits(i, -1))) found.push(i);
      const first = messages.firstOf[i];
      if (first < 0) {
        if (kind === "findings" && nal.findings.has(i) && tests.every((fits) => fits(i, -1))) found.push(i);
        continue;
      }
      for (let m = first; m < messages.count && messages.nal[m] === i; m++) {
        if (wanted(kind, i, m) && tests.every((fits) => fits(i, m))) found.push(m + MESSAGE);
      }
    }
    this.entries = Uint32Array.from(found);
    this.places = new Map(found.map((entry, index) => [entry, index]));
    this.current = this.places.get(this.entry) ?? -1;
    this.list.setCount(this.entries.length);
    if (this.current >= 0) this.list.show(this.current);
    else this.host.scrollTop = 0;
    $("listed").textContent = `${grouped(this.entries.length)} of ${grouped(nal.count + messages.count)}`;
  }

  fill(row, index) {
    const entry = this.entries[index];
    const isMessage = entry >= MESSAGE;
    const message = entry - MESSAGE;
    const number = isMessage ? store.messages.nal[message] : entry;
    row.role = "option";
    row.id = `row-${index}`;
    row.classList.toggle("message", isMessage);
    row.classList.toggle("current", index === this.current);
    row.setAttribute("aria-selected", String(index === this.current));
    const what = el("span", { className: "what" });
    if (isMessage) {
      const type = store.messages.type[message];
      what.classList.add(isOurs(type) ? "ours" : "foreign");
      what.append(messageInWords(message));
      what.append(...marks(message));
    } else {
      const [name, kind] = store.tables.nal_types[store.nal.type[number]];
      what.classList.add(kind);
      what.append(name);
      const layer = store.nal.layer[number];
      if (layer) what.append(el("i", {}, ` layer ${layer}`));
    }
    const findings = isMessage || store.messages.firstOf[number] < 0 ? findingsAt(number, message, isMessage) : [];
    if (findings.length) what.append(el("b", { className: `dot ${worstOf(findings)}`, title: plural(findings.length, "finding") }));
    row.append(
      el("span", { className: "au" }, isMessage ? "" : String(store.nal.au[number])),
      el("span", { className: "nal" }, isMessage ? "" : String(number)),
      what,
      el("span", { className: "size" }, grouped(isMessage ? store.messages.size[message] : store.nal.size[number])),
    );
    if (isMessage && $("kinds").value !== "all") {
      row.children[0].textContent = String(store.nal.au[number]);
      row.children[1].textContent = String(number);
    }
  }

  choose(index) {
    if (index < 0 || index >= this.entries.length) return;
    const entry = this.entries[index];
    this.onSelect(entry >= MESSAGE ? { message: entry - MESSAGE } : { nal: entry });
  }

  /** Show what is selected, as far as the filter lets it through. */
  select({ nal, message }) {
    this.entry = message >= 0 ? message + MESSAGE : nal;
    this.current = this.places.get(this.entry) ?? -1;
    if (this.current >= 0) {
      this.list.show(this.current);
      this.host.setAttribute("aria-activedescendant", `row-${this.current}`);
    } else this.list.drawNow();
  }

  step(by) {
    if (this.current < 0) this.choose(this.nearest(by));
    else this.choose(Math.min(this.entries.length - 1, Math.max(0, this.current + by)));
  }

  /** Where to go on in the list if what is selected is not in it. */
  nearest(by) {
    const place = (entry) => (entry >= MESSAGE ? store.messages.nal[entry - MESSAGE] + 0.5 : entry);
    const at = this.entry === undefined ? -1 : place(this.entry);
    const after = this.entries.findIndex((entry) => place(entry) > at);
    if (by > 0) return after < 0 ? this.entries.length - 1 : after;
    return after < 0 ? this.entries.length - 1 : Math.max(0, after - 1);
  }
}

const worstOf = (findings) =>
  SEVERITIES[Math.max(...findings.map((finding) => SEVERITIES.indexOf(finding.severity)))];

/** Findings of a message: those that name it, and those about its NAL unit. */
function findingsAt(nal, message, isMessage = true) {
  const all = store.nal.findings.get(nal) ?? [];
  if (!isMessage || !all.length) return all;
  const [first, end] = messagesOf(nal);
  if (end - first < 2) return all;
  const ours = oursOf(nal);
  if (!ours.length) return all;
  const which = ours.indexOf(message);
  return which < 0 ? [] : all.filter((finding) => (finding.message ?? which) === which);
}

/** The GFV and GFVE messages of a NAL unit. */
function oursOf(nal) {
  const [first, end] = messagesOf(nal);
  const ours = [];
  for (let m = first; m < end; m++) if (isOurs(store.messages.type[m])) ours.push(m);
  return ours;
}

/** Small signs behind a message in the list. */
function marks(message) {
  const found = [];
  const { ignored, differs } = store.messages;
  if (has(message, FLAGS.kps | FLAGS.matrices)) found.push(el("i", { title: "predicted" }, "pred"));
  if (has(message, FLAGS.fusion)) found.push(el("i", { title: "fusion with the decoded picture" }, "fusion"));
  if (has(message, FLAGS.unsure)) found.push(el("i", { title: "low confidence" }, "low conf"));
  if (ignored.has(message)) found.push(el("i", {}, "ignored"));
  if (differs.has(message)) found.push(el("i", { className: "differs", title: "read differently by VTM, HM or JM" }, "≠"));
  return found;
}

function wanted(kind, nal, message) {
  const { type, differs } = store.messages;
  if (kind === "gfv") return isOurs(type[message]);
  if (kind === "findings") return findingsAt(nal, message).length > 0;
  if (kind === "differs") return differs.has(message);
  return true;
}

/** One word of the filter as a test of a NAL unit (message -1) or of a message in it. */
function test(word) {
  const match = /^(id|cnt|au|nal|size|type):(.*)$/.exec(word);
  if (!match) return (nal, message) => text(nal, message).includes(word);
  const [, key, value] = match;
  if (key === "type") return (nal, message) => text(nal, message).includes(value);
  const fits = range(value);
  return (nal, message) => {
    if (key === "au") return fits(store.nal.au[nal]);
    if (key === "nal") return fits(nal);
    if (key === "size") return fits(message < 0 ? store.nal.size[nal] : store.messages.size[message]);
    if (message < 0) return false;
    if (key === "id") return (store.messages.id[message] ?? []).some(fits);
    return store.messages.cnt[message] >= 0 && fits(store.messages.cnt[message]);
  };
}

function range(value) {
  const match = /^(?:(\d+)-(\d+)|([<>]=?)?(\d+))$/.exec(value);
  if (!match) return () => true; // it is still being typed
  const [, from, to, sign, number] = match;
  if (from !== undefined) return (n) => n >= Number(from) && n <= Number(to);
  const limit = Number(number);
  return { "<": (n) => n < limit, "<=": (n) => n <= limit, ">": (n) => n > limit, ">=": (n) => n >= limit }[sign]
    ?? ((n) => n === limit);
}

/** What words of the filter are looked for in. */
function text(nal, message) {
  if (message < 0) return store.tables.nal_types[store.nal.type[nal]].join(" ").toLowerCase();
  const { type, error, ignored, differs } = store.messages;
  const said = [messageInWords(message), store.tables.payload_types[type[message]] ?? "", "sei"];
  if (has(message, FLAGS.kps | FLAGS.matrices)) said.push("pred predicted");
  if (has(message, FLAGS.fusion)) said.push("fusion");
  if (has(message, FLAGS.unsure)) said.push("low confidence");
  if (error.has(message)) said.push("error", error.get(message));
  if (ignored.has(message)) said.push("ignored");
  if (differs.has(message)) said.push("differs");
  for (const finding of findingsAt(nal, message)) said.push(finding.rule, finding.severity);
  return said.join(" ").toLowerCase();
}
