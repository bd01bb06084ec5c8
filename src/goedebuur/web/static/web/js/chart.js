// A chart of one or more series: mean as a line, lowest to highest as a band, gaps shaded, limits as lines.
// The server keeps the level of detail: each zoom asks for as many points as the picture is wide.
import uPlot from "../../vendor/uplot/uPlot.esm.js";
import { chartTable } from "./chart-table.js";
import { drawCorrections, drawGaps, drawLimits, chartKey, seriesColour } from "./chart-marks.js";
import { labels, ticks } from "./time-axis.js";
import { DAY, MINUTE, colour, daysOf, duration, moment, number, words, zone } from "./words.js";

const HEIGHT = 400; // [CSS pixel]
const LEAST = 6 * 3600; // shortest period that can be shown [s]
const dark = matchMedia("(prefers-color-scheme: dark)");

const seconds = (text) => Date.parse(text) / 1000;
const iso = (value) => new Date(value * 1000).toISOString().replace(".000Z", "Z");

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// A button that has nothing to do keeps its place and the focus, and says so.
function disable(button, nothing) {
  button.setAttribute("aria-disabled", String(nothing));
  button.classList.toggle("nl-button--disabled", nothing);
}

class Chart {
  constructor(root) {
    const data = root.dataset;
    this.root = root;
    this.url = new URL(data.url, location.href);
    this.whole = [seconds(data.start), seconds(data.end)];
    this.view = this.whole;
    this.unit = data.unit || "";
    this.decimals = Number(data.decimals ?? 1);
    this.names = JSON.parse(data.names || "{}");
    this.limits = JSON.parse(data.limits || "[]");
    this.corrected = JSON.parse(data.corrected || "[]");
    this.build();
    const caption = root.querySelector("figcaption");
    this.title = root.getAttribute("aria-label") || caption?.textContent.trim() || words.chart;
  }

  build() {
    this.buttons = make("div", "gb-chart__buttons");
    this.buttons.setAttribute("role", "group");
    this.buttons.setAttribute("aria-label", words.chartButtons);
    const add = (text, sign, act) => {
      const button = make("button", "nl-button nl-button--secondary");
      button.type = "button";
      const label = make("span", "nl-button__label", text);
      const mark = make("span", sign === "→" ? "nl-button__icon-end" : "nl-button__icon-start", sign);
      mark.setAttribute("aria-hidden", "true");
      button.append(...(sign === "→" ? [label, mark] : sign ? [mark, label] : [label]));
      button.addEventListener("click", act);
      this.buttons.append(button);
      return button;
    };
    this.earlier = add(words.earlier, "←", () => this.pan(-0.5));
    this.later = add(words.later, "→", () => this.pan(0.5));
    this.closer = add(words.zoomIn, "+", () => this.zoom(0.5));
    this.wider = add(words.zoomOut, "−", () => this.zoom(2));
    this.all = add(words.whole, "", () => this.load(...this.whole));
    this.plot = make("div", "gb-chart__plot");
    this.plot.setAttribute("role", "img");
    this.key = make("ul", "gb-chart__key");
    this.status = make("p", "gb-chart__status");
    this.said = make("p", "visually-hidden");
    this.said.setAttribute("aria-live", "polite");
    this.place();
  }

  // The figures of the page's own table follow the picture: it is written anew when it is open, or when it opens.
  place() {
    this.table = document.getElementById(this.root.dataset.table);
    this.fold = this.table?.closest("details");
    this.fold?.addEventListener("toggle", () => this.writeTable());
    this.nothing = make("p", "gb-chart__empty", words.empty);
    this.nothing.hidden = true;
    this.plot.append(this.nothing);
    const caption = this.root.querySelector("figcaption");
    this.root.querySelectorAll(":scope > :not(figcaption, script)").forEach((old) => old.remove());
    const parts = [this.buttons, this.key, this.plot, this.status, this.said];
    if (caption && this.root.firstElementChild !== caption) caption.before(...parts);
    else this.root.append(...parts);
  }

  writeTable() {
    if (!this.last || !this.fold?.open || this.written === this.last) return;
    this.written = this.last;
    chartTable(this.table, this, this.last);
  }

  pan(share) {
    const [start, end] = this.view;
    const width = end - start;
    const from = Math.min(Math.max(start + share * width, this.whole[0]), this.whole[1] - width);
    return this.load(from, from + width);
  }

  zoom(factor) {
    const [start, end] = this.view;
    const half = (Math.max(LEAST, (end - start) * factor)) / 2;
    return this.load((start + end) / 2 - half, (start + end) / 2 + half);
  }

  async load(start, end) {
    let from = Math.max(this.whole[0], Math.floor(start / 3600) * 3600);
    const to = Math.min(this.whole[1], Math.ceil(end / 3600) * 3600);
    if (to - from < LEAST) from = Math.max(this.whole[0], to - LEAST);
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    this.plot.setAttribute("aria-busy", "true");
    const url = new URL(this.url);
    url.searchParams.set("start", iso(from));
    url.searchParams.set("end", iso(to));
    url.searchParams.set("points", String(Math.min(2000, Math.max(200, Math.round(this.width())))));
    try {
      const answer = await fetch(url, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      this.view = [from, to];
      this.draw(await answer.json());
    } catch (error) {
      if (asked.signal.aborted) return;
      console.info(error);
      this.status.textContent = words.fails;
      this.said.textContent = words.fails;
    }
    this.plot.removeAttribute("aria-busy");
  }

  width() {
    return this.plot.clientWidth || 600;
  }

  draw(answer) {
    this.last = answer;
    const ids = Object.keys(answer.series);
    const data = [answer.x];
    ids.forEach((id) => {
      const { mean, min, max } = answer.series[id];
      data.push(max ?? mean, min ?? mean, mean);
    });
    this.measure(ids, answer);
    this.drawn?.destroy();
    this.drawn = new uPlot(this.options(ids, answer), data, this.plot);
    this.empty = ids.every((id) => answer.series[id].mean.every((value) => value === null));
    chartKey(this.key, this, ids, answer);
    this.tell(answer);
    this.nothing.hidden = !this.empty;
    this.writeTable();
    const [start, end] = this.view;
    const atStart = start <= this.whole[0];
    const atEnd = end >= this.whole[1];
    disable(this.earlier, atStart);
    disable(this.later, atEnd);
    disable(this.wider, atStart && atEnd);
    disable(this.all, atStart && atEnd);
    disable(this.closer, end - start <= LEAST);
    this.root.dataset.chartReady = "1";
  }

  tell(answer) {
    const [start, end] = this.view;
    const period = `${words.from} ${moment(start, DAY)} ${words.until} ${moment(end, DAY)}`;
    const each = answer.step ? `, ${duration(answer.step)} ${words.perPoint}` : "";
    this.rest = this.empty ? words.empty : `${period}${each}. ${words.drag}`;
    this.status.textContent = this.rest;
    this.said.textContent = this.empty ? words.empty : `${period}${each}.`;
    this.plot.setAttribute("aria-label", `${this.title}, ${period}. ${this.empty ? words.empty : words.tableBelow}`);
  }

  options(ids, answer) {
    const series = [{}];
    const bands = [];
    ids.forEach((id, index) => {
      const stroke = seriesColour(index);
      const edge = { scale: "y", stroke: "transparent", width: 0, points: { show: false } };
      series.push({ ...edge }, { ...edge }, { scale: "y", stroke, width: 1.6, points: { size: 4, fill: stroke } });
      bands.push({ series: [3 * index + 1, 3 * index + 2], fill: `${stroke}38` });
    });
    const text = colour("--basis-color-default-color-subtle");
    const grid = { stroke: colour("--gb-grid-line"), width: 1 };
    const font = "13px 'Source Sans 3', sans-serif";
    let unit = "hour";
    return {
      width: this.width(),
      height: HEIGHT,
      legend: { show: false },
      padding: [22, this.limits.length ? 46 : 12, 0, 0],
      series,
      bands,
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { show: (_, index) => (index % 3 === 0 ? undefined : null) },
      },
      scales: {
        x: { time: false, range: () => this.view },
        y: { range: () => [this.bottom, this.top] },
      },
      axes: [
        {
          stroke: text,
          font,
          grid,
          ticks: grid,
          size: 46,
          splits: (u, _, low, high) => {
            const found = ticks(low, high, Math.max(2, Math.floor(u.width / 78)));
            ({ unit } = found);
            return found.ticks;
          },
          values: (_, list) => labels(list, unit),
        },
        {
          stroke: text,
          font,
          grid,
          ticks: grid,
          size: 56,
          values: (_, list) => list.map((value) => number(value, list[1] - list[0] < 1 ? 1 : 0)),
        },
      ],
      hooks: {
        drawClear: [(u) => drawGaps(u, answer, ids)],
        draw: [(u) => drawLimits(u, this), (u) => drawCorrections(u, this)],
        setCursor: [(u) => this.read(u, ids, answer)],
        setSelect: [(u) => this.select(u)],
      },
    };
  }

  // A limit that would squeeze the figures below a third of the picture is left out, and the key says so.
  measure(ids, answer) {
    let low = 0;
    let high = 0;
    for (const id of ids) {
      const { mean, min, max } = answer.series[id];
      for (const value of min ?? mean) if (value !== null && value < low) low = value;
      for (const value of max ?? mean) if (value !== null && value > high) high = value;
    }
    const shown = this.limits.map((limit) => limit.value).filter((value) => value <= 3 * high || high === 0);
    this.top = (Math.max(high, ...shown) || 1) * 1.06;
    this.bottom = low * 1.06;
  }

  select(u) {
    if (u.select.width < 8) return;
    const start = u.posToVal(u.select.left, "x");
    const end = u.posToVal(u.select.left + u.select.width, "x");
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.load(start, end);
  }

  read(u, ids, answer) {
    const index = u.cursor.idx;
    if (index === null || index === undefined || u.cursor.left < 0) {
      this.status.textContent = this.rest;
      return;
    }
    const parts = ids.map((id) => this.value(id, answer.series[id], index, ids.length > 1));
    const start = answer.x[index];
    const when = daysOf(answer, index, DAY) ?? `${moment(start, MINUTE)} ${zone(start)}`;
    this.status.textContent = `${when}: ${parts.join("; ")}`;
  }

  // A single value reads as it was reported, a mean with the decimals of the page.
  figure(columns, index) {
    const mean = columns.mean[index];
    return mean === null ? "–" : number(mean, columns.decimals?.[index] ?? this.decimals);
  }

  value(id, columns, index, named) {
    const name = named ? `${this.names[id] ?? id} ` : "";
    const mean = columns.mean[index];
    if (mean === null) return `${name}${words.noValue}`;
    const text = `${name}${this.figure(columns, index)} ${this.unit}`;
    const low = columns.min?.[index] ?? mean;
    const high = columns.max?.[index] ?? mean;
    if (low === high) return text;
    return `${text} (${words.lowest} ${number(low, this.decimals)}, ${words.highest} ${number(high, this.decimals)})`;
  }
}

export async function drawChart(root) {
  const chart = new Chart(root);
  chart.plot.addEventListener("dblclick", () => chart.load(...chart.whole));
  chart.status.textContent = words.loading;
  await document.fonts.load("13px 'Source Sans 3'").catch(() => undefined);
  await chart.load(...chart.whole);
  let width = chart.width();
  new ResizeObserver(() => {
    if (chart.width() === width || !chart.drawn) return;
    width = chart.width();
    chart.drawn.setSize({ width, height: HEIGHT });
  }).observe(chart.plot);
  dark.addEventListener("change", () => chart.last && chart.draw(chart.last));
}
