// Every parameter over time: one plot for each axis of the keypoints, each matrix, the pupils, of each identifier.

const PLOT = { top: 10, bottom: 20 };

class Tracks {
  constructor(timeline, onSelect) {
    this.timeline = timeline;
    this.onSelect = onSelect;
    this.host = $("tracks");
    this.plots = [];
    this.inSight = new Set();
    this.watch = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        if (isIntersecting) this.inSight.add(target.plot);
        else this.inSight.delete(target.plot);
      }
      this.draw();
    }, { root: this.host, rootMargin: "100px" });
    this.draw = perFrame(() => { for (const plot of this.inSight) plot.draw(); });
    new ResizeObserver(this.draw).observe(this.host);
  }

  async show() {
    await this.make();
    this.draw();
  }

  /** Make the plots, once; all values are inflated then. */
  make() {
    this.made ??= (async () => {
      const groups = await this.groups();
      if (!groups.size) this.host.append(el("p", { className: "empty" }, "No message has coordinates, matrices or pupils."));
      for (const [title, plots] of groups) {
        this.host.append(el("h2", {}, title));
        for (const found of plots.values()) {
          const plot = new Plot(found, this.timeline, this.onSelect);
          this.plots.push(plot);
          this.host.append(plot.box);
          this.watch.observe(plot.canvas);
        }
      }
      const { cut } = store.tables;
      if (cut.values) this.host.append(el("p", { className: "note" }, `Of ${plural(cut.values, "message")} not all values are in this page.`));
    })();
    return this.made;
  }

  async groups() {
    const { messages } = store;
    const values = await Promise.all(blocksNamed("values").map((_, part) => detail("values", part)));
    const arrays = values.map((buffer) => new Float64Array(buffer));
    const groups = new Map();
    const inUnit = new Map();
    for (let m = 0; m < messages.count; m++) {
      if (messages.layout[m] < 0) continue;
      const who = `${payloadName(messages.type[m])} ${idInWords(messages.id[m])}`;
      if (!groups.has(who)) groups.set(who, new Map());
      const unit = auOf(m);
      const before = inUnit.get(who);
      const turn = before && before.unit === unit ? before.turn + 1 : 0;
      inUnit.set(who, { unit, turn });
      const end = messages.valuesAt[m] + messages.values[m];
      let at = messages.valuesAt[m];
      for (const track of tracksOf(store.tables.layouts[messages.layout[m]])) {
        const plots = groups.get(who);
        if (!plots.has(track.key)) plots.set(track.key, { ...track, points: [], most: 0 });
        const plot = plots.get(track.key);
        const count = Math.max(0, Math.min(track.count, end - at));
        plot.points.push({ message: m, unit, turn, values: arrays[messages.part[m]].subarray(at, at + count), name: track.name });
        plot.most = Math.max(plot.most, count);
        at += track.count;
      }
    }
    return groups;
  }
}

/** The tracks of a layout, in the order of its values: key, title, number of series, and their names. */
function tracksOf(layout) {
  const found = [];
  const seen = new Map();
  for (const [kind, ...sizes] of layout) {
    if (kind === "coordinates") {
      const [axes, count] = sizes;
      for (const axis of "xyz".slice(0, axes)) {
        found.push({ key: axis, title: `Keypoints, ${axis}`, count, name: (i) => `${axis} of keypoint ${i}` });
      }
    } else if (kind === "matrices") {
      const [type, number, rows, columns] = sizes;
      const turn = seen.get(type) ?? 0;
      seen.set(type, turn + 1);
      const title = matrixName(type) + (turn || type < 0 ? ` ${turn + 1}` : "");
      found.push({
        key: `m${type}/${turn}`, title: title[0].toUpperCase() + title.slice(1), count: number * rows * columns,
        name: (i) => `${title} [${Math.floor(i / (rows * columns))}][${Math.floor(i / columns) % rows}][${i % columns}]`,
      });
    } else {
      const names = ["left pupil x", "left pupil y", "right pupil x", "right pupil y"];
      found.push({ key: "pupils", title: "Pupils", count: 4, name: (i) => names[i] });
    }
  }
  return found;
}

class Plot {
  constructor({ title, points, most, name }, timeline, onSelect) {
    Object.assign(this, { points, most, name, timeline, onSelect });
    this.canvas = el("canvas", { className: "plot" });
    this.canvas.plot = this;
    this.output = el("output");
    this.box = el("figure", {}, el("figcaption", {}, el("b", {}, title), el("span", {}, `${plural(most, "value")}`), this.output), this.canvas);
    this.near = null;
    this.spread = 1 + points.reduce((max, point) => Math.max(max, point.turn), 0);
    [this.low, this.high] = this.limits();
    this.canvas.addEventListener("pointermove", (event) => this.point(event.offsetX, event.offsetY));
    this.canvas.addEventListener("pointerleave", () => this.point(-1, -1));
    this.canvas.addEventListener("click", () => { if (this.near) onSelect(this.near.point.message); });
    this.canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.shiftKey) return; // the wheel alone scrolls the page of plots
      event.preventDefault();
      if (event.shiftKey) timeline.scroll(((event.deltaX || event.deltaY) / timeline.inner) * (timeline.to - timeline.from));
      else timeline.zoom(Math.exp(event.deltaY / 300), timeline.at(event.offsetX));
    }, { passive: false });
  }

  limits() {
    let low = Infinity;
    let high = -Infinity;
    for (const { values } of this.points) {
      for (const value of values) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    if (low > high) return [-1, 1];
    const room = (high - low) * 0.06 || Math.abs(high) * 0.1 || 0.5;
    return [low - room, high + room];
  }

  x(point) {
    return this.timeline.x(point.unit + (point.turn + 0.5) / this.spread);
  }

  y(value, height) {
    return height - PLOT.bottom - ((value - this.low) / (this.high - this.low)) * (height - PLOT.top - PLOT.bottom);
  }

  /** The points in sight and one on either side, so that lines go on to the edge. */
  get seen() {
    const { from, to } = this.timeline;
    let first = 0;
    let end = this.points.length;
    for (let high = end; first < high;) {
      const middle = (first + high) >> 1;
      if (this.points[middle].unit < from - 1) first = middle + 1;
      else high = middle;
    }
    for (let low = first; low < end;) {
      const middle = (low + end) >> 1;
      if (this.points[middle].unit <= to + 1) low = middle + 1;
      else end = middle;
    }
    return this.points.slice(Math.max(0, first - 1), end + 1);
  }

  colour(series) {
    return `hsl(${(210 + (series * 330) / Math.max(1, this.most)) % 360} ${colours.dark ? "60% 66%" : "58% 44%"})`;
  }

  draw() {
    const { context, width, height } = prepared(this.canvas);
    if (!width) return;
    this.axis(context, width, height);
    context.save();
    context.beginPath();
    context.rect(BARS.left, 0, width - BARS.left - BARS.right, height);
    context.clip();
    const seen = this.seen;
    const dense = seen.length > 2 * this.timeline.inner;
    const dim = this.near ? 0.25 : dense ? 0.4 : this.most > 24 ? 0.6 : 0.85;
    for (let series = 0; series < this.most; series++) {
      if (this.near?.series !== series) this.line(context, seen, series, height, dense, dim, 1.1);
    }
    if (this.near) {
      this.line(context, seen, this.near.series, height, dense, 1, 2);
      context.fillStyle = this.colour(this.near.series);
      context.beginPath();
      context.arc(this.x(this.near.point), this.y(this.near.point.values[this.near.series], height), 3.5, 0, 7);
      context.fill();
    }
    const selected = this.points.find((point) => point.message === state.message);
    if (selected || this.timeline.selected >= 0) {
      const x = Math.round(selected ? this.x(selected) : this.timeline.x(this.timeline.selected + 0.5)) + 0.5;
      context.strokeStyle = colours.accent;
      context.globalAlpha = 0.7;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, PLOT.top);
      context.lineTo(x, height - PLOT.bottom);
      context.stroke();
    }
    context.restore();
    context.globalAlpha = 1;
    unitMarks(context, this.timeline, width, height - PLOT.bottom + 6);
  }

  line(context, seen, series, height, dense, alpha, wide) {
    context.strokeStyle = this.colour(series);
    context.globalAlpha = alpha;
    context.lineWidth = wide;
    context.beginPath();
    if (dense) this.extremes(context, seen, series, height);
    else {
      let begun = false;
      for (const point of seen) {
        if (point.values.length <= series) {
          begun = false;
          continue;
        }
        if (has(point.message, FLAGS.base)) begun = false; // a base picture may bring other keypoints
        const x = this.x(point);
        const y = this.y(point.values[series], height);
        if (begun) context.lineTo(x, y);
        else context.moveTo(x, y);
        if (!begun) context.lineTo(x + 0.5, y);
        begun = true;
      }
    }
    context.stroke();
  }

  /** Where several points fall on one pixel: from the lowest to the highest of them. */
  extremes(context, seen, series, height) {
    let column = -1;
    let low = 0;
    let high = 0;
    const put = () => {
      if (column < 0) return;
      context.moveTo(column + 0.5, this.y(low, height));
      context.lineTo(column + 0.5, this.y(high, height) - 0.5);
    };
    for (const point of seen) {
      if (point.values.length <= series) continue;
      const x = Math.max(0, Math.floor(this.x(point)));
      const value = point.values[series];
      if (x !== column) {
        put();
        [column, low, high] = [x, value, value];
      } else if (value < low) low = value;
      else if (value > high) high = value;
    }
    put();
  }

  axis(context, width, height) {
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.lineWidth = 1;
    context.fillStyle = colours.soft;
    const marks = ticks(this.low, this.high, 4);
    const decimals = decimalsFor(marks);
    for (const mark of marks) {
      const y = Math.round(this.y(mark, height)) + 0.5;
      if (y < PLOT.top - 1 || y > height - PLOT.bottom + 1) continue;
      context.strokeStyle = colours.line;
      context.beginPath();
      context.moveTo(BARS.left, y);
      context.lineTo(width - BARS.right, y);
      context.stroke();
      context.fillText(aligned(mark, decimals), BARS.left - 8, y);
    }
  }

  /** The value nearest to a place of the canvas. */
  point(x, y) {
    let best = null;
    if (x >= BARS.left) {
      const height = this.canvas.clientHeight;
      const at = this.nearestPoint(x);
      if (at) {
        at.values.forEach((value, series) => {
          const far = Math.abs(this.y(value, height) - y);
          if (!best || far < best.far) best = { far, series, point: at };
        });
      }
    }
    if (best && best.far > 60) best = null;
    this.near = best;
    this.output.textContent = best
      ? `AU ${best.point.unit} · ${best.point.name(best.series)} = ${brief(best.point.values[best.series])}` : "";
    this.canvas.style.cursor = best ? "pointer" : "default";
    this.draw();
  }

  nearestPoint(x) {
    let best = null;
    for (const point of this.seen) {
      const far = Math.abs(this.x(point) - x);
      if (!best || far < best.far) best = { far, point };
    }
    return best?.point ?? null;
  }
}
