// The timeline: bits of every access unit as stacked bars. Wheel zooms, drag scrolls, click selects.

const BARS = { left: 64, right: 12, top: 16, bottom: 20 };
const WIDEST = 90; // pixels of a bar
const NARROWEST = 0.25; // access units in sight at least; many messages may stand at one

class Timeline {
  constructor(onSelect) {
    this.canvas = $("bars");
    this.onSelect = onSelect;
    this.onView = () => {};
    this.from = 0;
    this.to = Math.max(1, store.units.count);
    this.selected = -1;
    this.pointed = -1;
    this.log = this.wantsLog();
    this.draw = perFrame(() => this.drawNow());
    this.listen();
    new ResizeObserver(this.draw).observe(this.canvas);
  }

  get count() {
    return Math.max(1, store.units.count);
  }

  /** Whether most access units would hardly be seen beside the largest. */
  wantsLog() {
    const { slice, sei, other, count } = store.units;
    const sums = Float64Array.from({ length: count }, (_, i) => slice[i] + sei[i] + other[i]).sort();
    return count > 2 && sums[count - 1] > 12 * sums[count >> 1];
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        this.scroll(((event.deltaX || event.deltaY) / this.inner) * (this.to - this.from));
      } else this.zoom(Math.exp(event.deltaY / 300), this.at(event.offsetX));
    }, { passive: false });
    let drag = null;
    canvas.addEventListener("pointerdown", (event) => {
      drag = { x: event.clientX, from: this.from, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (drag) {
        const by = ((drag.x - event.clientX) / this.inner) * (this.to - this.from);
        drag.moved ||= Math.abs(drag.x - event.clientX) > 3;
        if (drag.moved) this.place(drag.from + by, this.to - this.from);
      }
      this.point(this.unitAt(event.offsetX));
    });
    canvas.addEventListener("pointerup", (event) => {
      if (drag && !drag.moved) {
        const unit = this.unitAt(event.offsetX);
        if (unit >= 0) this.onSelect(unit);
      }
      drag = null;
    });
    canvas.addEventListener("pointerleave", () => this.point(-1));
    canvas.addEventListener("dblclick", () => this.all());
    this.listenToScroller();
    $("zoom-in").onclick = () => this.zoom(0.5);
    $("zoom-out").onclick = () => this.zoom(2);
    $("zoom-all").onclick = () => this.all();
    $("scale").onclick = () => {
      this.log = !this.log;
      this.draw();
    };
  }

  listenToScroller() {
    const scroller = $("scroller");
    let held = null;
    scroller.addEventListener("pointerdown", (event) => {
      const share = event.offsetX / scroller.clientWidth;
      const inside = event.target === $("thumb");
      if (!inside) this.place(share * this.count - (this.to - this.from) / 2, this.to - this.from);
      held = { x: event.clientX, from: this.from };
      scroller.setPointerCapture(event.pointerId);
    });
    scroller.addEventListener("pointermove", (event) => {
      if (held) this.place(held.from + ((event.clientX - held.x) / scroller.clientWidth) * this.count, this.to - this.from);
    });
    scroller.addEventListener("pointerup", () => { held = null; });
  }

  get inner() {
    return Math.max(1, this.canvas.clientWidth - BARS.left - BARS.right);
  }

  /** The position in access units under a horizontal place. */
  at(x) {
    return this.from + ((x - BARS.left) / this.inner) * (this.to - this.from);
  }

  x(unit) {
    return BARS.left + ((unit - this.from) / (this.to - this.from)) * this.inner;
  }

  unitAt(x) {
    const unit = Math.floor(this.at(x));
    return x >= BARS.left - 2 && unit >= 0 && unit < store.units.count ? unit : -1;
  }

  place(from, width) {
    width = Math.min(this.count, Math.max(Math.min(NARROWEST, this.count), width));
    this.from = Math.min(Math.max(0, from), this.count - width);
    this.to = this.from + width;
    this.draw();
    this.onView();
  }

  zoom(factor, around = this.from <= this.selected && this.selected < this.to ? this.selected + 0.5 : (this.from + this.to) / 2) {
    const width = Math.min(this.count, Math.max(Math.min(NARROWEST, this.count), (this.to - this.from) * factor));
    const share = (around - this.from) / (this.to - this.from);
    this.place(around - share * width, width);
  }

  scroll(by) {
    this.place(this.from + by, this.to - this.from);
  }

  all() {
    this.place(0, this.count);
  }

  select(unit) {
    this.selected = unit;
    if (unit >= 0 && (unit < this.from || unit >= this.to)) this.place(unit - (this.to - this.from) / 2, this.to - this.from);
    this.draw();
  }

  point(unit) {
    if (unit === this.pointed) return;
    this.pointed = unit;
    $("pointed").textContent = unit < 0 ? "" : this.inWords(unit);
    this.draw();
  }

  inWords(unit) {
    const { slice, sei, other, poc, display } = store.units;
    const shown = display[unit] === null || display[unit] === undefined ? "" : ` · shown as ${display[unit]}`;
    const order = poc[unit] === null || poc[unit] === undefined ? "" : ` · POC ${poc[unit]}`;
    return `AU ${unit}${order}${shown} · pictures ${bits(slice[unit])} · SEI ${bits(sei[unit])} · other ${bits(other[unit])}`;
  }

  /** What each column of pixels shows: of the access units in it, the one with the most bits. */
  columns() {
    const { slice, sei, other } = store.units;
    const first = Math.floor(this.from);
    const end = Math.min(store.units.count, Math.ceil(this.to));
    const each = Math.max(1, (this.to - this.from) / this.inner);
    const found = [];
    for (let at = first; at < end; at = Math.max(at + 1, Math.floor(at + each))) {
      let best = at;
      let most = -1;
      let worst = 0;
      let base = 0;
      for (let unit = at; unit < Math.min(end, Math.max(at + 1, Math.floor(at + each))); unit++) {
        const sum = slice[unit] + sei[unit] + other[unit];
        if (sum > most) [most, best] = [sum, unit];
        worst = Math.max(worst, store.units.worst[unit]);
        base |= store.units.base[unit];
      }
      found.push({ at, best, most, worst, base });
    }
    return found;
  }

  drawNow() {
    const { context, width, height } = prepared(this.canvas);
    const bottom = height - BARS.bottom;
    const columns = this.columns();
    const most = 8 * columns.reduce((max, column) => Math.max(max, column.most), 1);
    const tall = bottom - BARS.top;
    const least = this.log ? 2 : 0;
    const scale = this.log
      ? (number) => Math.max(0, Math.log10(Math.max(number, 1)) - least) / Math.max(0.5, Math.log10(most) - least)
      : (number) => number / most;
    this.axes(context, width, bottom, most, tall, scale);
    const wide = Math.max(1, this.inner / (this.to - this.from));
    const gap = wide > 5 ? 1 : 0;
    context.save();
    context.beginPath();
    context.rect(BARS.left, 0, this.inner, height);
    context.clip();
    for (const column of columns) this.bar(context, column, wide - gap, bottom, tall, scale);
    if (this.selected >= 0) {
      context.fillStyle = colours.accent;
      const x = this.x(this.selected);
      context.globalAlpha = 0.13;
      context.fillRect(x, BARS.top, Math.max(2, wide - gap), tall);
      context.globalAlpha = 1;
      context.fillRect(x, bottom + 1, Math.max(3, wide - gap), 3);
    }
    context.restore();
    $("scale").setAttribute("aria-pressed", String(this.log));
    $("thumb").style.left = `${(100 * this.from) / this.count}%`;
    $("thumb").style.width = `${(100 * (this.to - this.from)) / this.count}%`;
  }

  bar(context, { at, best, worst, base }, wide, bottom, tall, scale) {
    const { slice, sei, other } = store.units;
    const x = this.x(at);
    const sum = slice[best] + sei[best] + other[best];
    const whole = scale(8 * sum) * tall;
    let y = bottom;
    const narrow = Math.min(wide, WIDEST);
    const left = x + (wide - narrow) / 2;
    // With a logarithmic scale the whole is to scale, and its parts have their shares of it.
    for (const [name, part] of [["coded", slice], ["other", other], ["sei", sei]]) {
      const high = sum ? (part[best] / sum) * whole : 0;
      context.fillStyle = colours[name];
      context.globalAlpha = best === this.pointed || at === this.pointed ? 0.7 : 1;
      context.fillRect(left, y - high, narrow, high);
      y -= high;
    }
    context.globalAlpha = 1;
    const middle = x + wide / 2;
    if (base) {
      context.fillStyle = colours.accent;
      context.beginPath();
      context.moveTo(middle - 3.5, 2);
      context.lineTo(middle + 3.5, 2);
      context.lineTo(middle, 8);
      context.fill();
    }
    if (worst) {
      context.fillStyle = colours[SEVERITIES[worst - 1]];
      context.fillRect(left, 10, Math.max(1.5, narrow), 3);
    }
  }

  axes(context, width, bottom, most, tall, scale) {
    context.strokeStyle = colours.line;
    context.fillStyle = colours.soft;
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const marks = this.log
      ? [100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9].filter((mark) => mark <= most)
      : ticks(0, most, 4);
    for (const mark of marks) {
      const y = Math.round(bottom - scale(mark) * tall) + 0.5;
      context.beginPath();
      context.moveTo(BARS.left, y);
      context.lineTo(width - BARS.right, y);
      context.stroke();
      if (y > BARS.top - 4) context.fillText(bitMark(mark), BARS.left - 8, y);
    }
    unitMarks(context, this, width, bottom + 6);
  }
}

const bitMark = (mark) => (mark >= 1e6 ? `${mark / 1e6} Mbit` : mark >= 1000 ? `${mark / 1000} kbit` : mark ? `${mark} bit` : "0");

/** The numbers of access units along an axis of a timeline. */
function unitMarks(context, timeline, width, y) {
  context.fillStyle = colours.soft;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const mark of ticks(timeline.from, timeline.to, Math.max(2, width / 110))) {
    if (Number.isInteger(mark) && mark < store.units.count) {
      const x = timeline.x(mark + 0.5);
      if (x > BARS.left && x < width - BARS.right) context.fillText(grouped(mark), x, y);
    }
  }
}
