// Selection, views, keys, theme; and the start.

const VIEWS = ["stream", "tracks", "findings", "overview"];
const state = { view: "stream", unit: -1, nal: -1, message: -1, past: [] };
let timeline;
let streamList;
let tracks;

/** For the console: the data of the page, and the ways into them. */
globalThis.gfv = { store, state, select, payloadOf, valuesOf, elementsOf: async (message) =>
  elementRows(await payloadOf(message), await outlineOf(message), store.tables.kinds) };

/** Select a message, or a NAL unit, or the first of interest in an access unit. */
function select({ message = -1, nal = -1, unit = -1 }, { remember = true } = {}) {
  if (message < 0 && nal < 0 && unit >= 0) ({ message, nal } = ofInterest(unit));
  if (message >= 0) nal = store.messages.nal[message];
  if (nal < 0 || nal >= store.nal.count) return;
  if (remember && state.nal >= 0 && (state.message !== message || state.nal !== nal)) {
    state.past.push({ message: state.message, nal: state.nal });
    if (state.past.length > 100) state.past.shift();
  }
  Object.assign(state, { message, nal, unit: store.nal.au[nal] });
  timeline.select(state.unit);
  streamList.select(state);
  if (state.view === "tracks") tracks.draw();
  $("detail").scrollTop = 0;
  if (message < 0) {
    detailState.bytes = null;
    showNal(nal, select);
  } else {
    showMessage(message, select, () => state.message === message).catch(complain);
  }
}

/** In an access unit: its first message of ours, or of any kind, or else its first NAL unit. */
function ofInterest(unit) {
  const { first } = store.units;
  let any = -1;
  for (let nal = first[unit]; nal < store.nal.count && store.nal.au[nal] === unit; nal++) {
    const [begin, end] = messagesOf(nal);
    for (let m = begin; m < end; m++) {
      if (isOurs(store.messages.type[m])) return { message: m, nal };
      if (any < 0) any = m;
    }
  }
  return { message: any, nal: first[unit] };
}

function showView(view) {
  state.view = view;
  for (const name of VIEWS) {
    $(name).hidden = name !== view;
    $(`tab-${name}`).setAttribute("aria-selected", String(name === view));
  }
  if (view !== "stream") $(view).focus({ preventScroll: true }); // so that its keys scroll it
  if (view === "tracks") tracks.show().catch(complain);
  if (view === "stream" && streamList.current >= 0) streamList.list.show(streamList.current);
}

function goToFinding(finding) {
  showView("stream");
  if (finding.nal === undefined) {
    if (finding.au !== undefined) select({ unit: finding.au });
    return;
  }
  const [first, end] = messagesOf(finding.nal);
  const ours = oursOf(finding.nal);
  const message = ours[finding.message ?? 0] ?? (first < end ? first : -1);
  select({ message, nal: finding.nal });
}

/** The finding behind or before what is selected. */
function stepFinding(by) {
  const placed = store.findings.filter((finding) => finding.nal !== undefined);
  const after = placed.filter((finding) => (by > 0 ? finding.nal > state.nal : finding.nal < state.nal));
  const next = by > 0 ? after[0] : after.at(-1);
  if (next) goToFinding(next);
}

function predictedFrom() {
  const refers = store.messages.refers.get(state.message) ?? [];
  if (refers.length) select({ message: refers[0][1] });
}

function back() {
  const before = state.past.pop();
  if (before) select(before, { remember: false });
}

const KEYS = {
  ArrowDown: () => streamList.step(1),
  ArrowUp: () => streamList.step(-1),
  PageDown: () => streamList.step(streamList.list.inSight - 1),
  PageUp: () => streamList.step(1 - streamList.list.inSight),
  Home: () => streamList.choose(0),
  End: () => streamList.choose(streamList.entries.length - 1),
  ArrowRight: () => select({ unit: Math.min(store.units.count - 1, state.unit + 1) }),
  ArrowLeft: () => select({ unit: Math.max(0, state.unit - 1) }),
  "/": () => {
    showView("stream");
    $("filter").focus();
    $("filter").select();
  },
  "?": () => $("help").showModal(),
  n: () => stepFinding(1),
  p: () => stepFinding(-1),
  r: predictedFrom,
  Backspace: back,
  "+": () => timeline.zoom(0.5),
  "=": () => timeline.zoom(0.5),
  "-": () => timeline.zoom(2),
  0: () => timeline.all(),
  t: switchTheme,
  h: () => detailState.bytes?.toggle(),
};
VIEWS.forEach((view, number) => { KEYS[number + 1] = () => showView(view); });

/** Keys that in other views scroll. */
const OF_THE_LIST = new Set(["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"]);

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  if (event.target === $("filter")) {
    if (event.key === "Escape") {
      if ($("filter").value) {
        $("filter").value = "";
        streamList.filter();
      }
      $("filter").blur();
    } else if (event.key === "Enter" || event.key === "ArrowDown") {
      streamList.step(streamList.current < 0 ? 1 : 0);
      $("list").focus();
      event.preventDefault();
    }
    return;
  }
  if (event.target.matches?.("select, input:not([type=checkbox])")) return;
  const action = KEYS[event.key];
  if (!action || (state.view !== "stream" && OF_THE_LIST.has(event.key))) return;
  event.preventDefault();
  action();
}

function switchTheme() {
  const now = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  recolour();
}

/** Draw the canvases in the colours of the theme. */
function recolour() {
  readColours();
  timeline.drawNow();
  for (const plot of tracks.plots) plot.draw();
  detailState.redraw();
}

function complain(error) {
  $("detail").replaceChildren(el("div", { className: "box error" }, el("b", {}, "This page has a fault"), el("p", {}, String(error))));
  throw error;
}

function head() {
  const { tables } = store;
  const { summary } = tables;
  $("name").textContent = tables.name;
  const facts = [summary.codec.toUpperCase(), bytesInWords(summary.bytes), plural(summary.pictures, "picture")];
  for (const row of summary.sei_messages) if (isOurs(row.payload_type)) facts.push(`${grouped(row.count)} ${payloadName(row.payload_type)}`);
  if (summary.sei_messages.some((row) => isOurs(row.payload_type))) facts.push(tables.syntax);
  $("facts").textContent = facts.join(" · ");
  const count = store.findings.length;
  $("tab-findings").append(el("span", { className: `count ${count ? worstOf(store.findings) : ""}` }, grouped(count)));
}

function listenToPrinter() {
  let theme;
  addEventListener("beforeprint", () => {
    fillPrinted();
    theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    document.body.classList.add("printing");
    for (const name of VIEWS) $(name).hidden = false;
    recolour();
  });
  addEventListener("afterprint", () => {
    document.body.classList.remove("printing");
    for (const name of VIEWS) $(name).hidden = name !== state.view;
    if (theme === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    recolour();
  });
}

async function start() {
  await load();
  readColours();
  head();
  timeline = new Timeline((unit) => select({ unit }));
  streamList = new StreamList(select);
  tracks = new Tracks(timeline, (message) => {
    select({ message });
  });
  timeline.onView = () => { if (state.view === "tracks") tracks.draw(); };
  showOverview();
  showFindings(goToFinding);
  for (const view of VIEWS) $(`tab-${view}`).onclick = () => showView(view);
  $("theme").onclick = switchTheme;
  $("keys").onclick = () => $("help").showModal();
  addEventListener("keydown", onKey);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  listenToPrinter();
  showView("stream");
  const first = store.messages.type.findIndex(isOurs);
  if (first >= 0) select({ message: first });
  else if (store.nal.count) select({ unit: 0 });
  else showView("overview");
  document.documentElement.dataset.ready = "1";
  // The plots are made when there is time, so that they are there if the page is printed.
  (globalThis.requestIdleCallback ?? setTimeout)(() => tracks.make().catch(complain));
}

start().catch(complain);
