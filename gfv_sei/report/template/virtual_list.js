// A list of any length of which only the rows in sight are in the document.

const TALLEST = 8_000_000; // pixels; browsers draw wrongly some way above

class VirtualList {
  /** `fill(row, index)` puts a row's content into an empty element. */
  constructor(host, rowHeight, fill) {
    this.host = host;
    this.rowHeight = rowHeight;
    this.fill = fill;
    this.count = 0;
    this.space = el("div", { className: "space" });
    this.rows = el("div", { className: "rows" });
    this.space.append(this.rows);
    host.append(this.space);
    this.shown = "";
    // What scrolls by less than a row, or changes its size by less, is left as it is.
    this.draw = perFrame(() => { if (this.shown !== this.inView().join()) this.drawNow(); });
    host.addEventListener("scroll", this.draw, { passive: true });
    new ResizeObserver(this.draw).observe(host);
  }

  setCount(count) {
    this.count = count;
    this.space.style.height = `${Math.min(count * this.rowHeight, TALLEST)}px`;
    this.drawNow();
  }

  /** Rows that fit on the screen. */
  get inSight() {
    return Math.ceil(this.host.clientHeight / this.rowHeight);
  }

  /** The first row in sight; where the list is too tall for the browser, its scroll bar counts in larger steps. */
  get first() {
    const whole = this.count * this.rowHeight;
    const { scrollTop, clientHeight } = this.host;
    if (whole <= TALLEST) return Math.floor(scrollTop / this.rowHeight);
    return Math.round((scrollTop / (TALLEST - clientHeight)) * (this.count - this.inSight + 1));
  }

  show(index) {
    const { host, rowHeight } = this;
    const first = this.first;
    if (index > first && index < first + this.inSight - 1) {
      this.drawNow();
      return;
    }
    const wanted = Math.max(0, index - Math.floor(this.inSight / 3));
    const whole = this.count * rowHeight;
    host.scrollTop = whole <= TALLEST ? wanted * rowHeight
      : (wanted / (this.count - this.inSight + 1)) * (TALLEST - host.clientHeight);
    this.drawNow();
  }

  /** The first row and the one behind the last, and where they begin in pixels. */
  inView() {
    const tall = this.count * this.rowHeight > TALLEST;
    const first = Math.max(0, this.first - (tall ? 0 : 2));
    return [first, Math.min(this.count, first + this.inSight + 5), tall ? this.host.scrollTop : first * this.rowHeight];
  }

  drawNow() {
    const [first, end, top] = this.inView();
    this.shown = [first, end, top].join();
    this.rows.style.transform = `translateY(${top}px)`;
    const made = [];
    for (let index = first; index < end; index++) {
      const row = el("div", { className: "row", data: { index } });
      row.style.height = `${this.rowHeight}px`;
      this.fill(row, index);
      made.push(row);
    }
    this.rows.replaceChildren(...made);
  }
}
