// What is drawn beside the lines: gaps, limits, and the key that explains them.
import { colour, number, words } from "./words.js";

const COLOURS = ["--gb-series-1", "--gb-series-2", "--gb-series-3", "--gb-series-4"];
const DASH = [7, 5];
const LINE = 15; // what a number beside the picture takes [CSS pixel]

export const seriesColour = (index) => colour(COLOURS[index % COLOURS.length]);
const limitColour = (limit) => colour(binds(limit) ? "--gb-limit" : "--gb-guideline");

// With one series its gaps are shaded; with more, lines that break say it.
export function drawGaps(u, answer, ids) {
  if (ids.length !== 1) return;
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colour("--gb-gap");
  for (const [from, to] of answer.gaps?.[ids[0]] ?? []) {
    const left = u.valToPos(from, "x", true);
    const right = Math.max(left + 1, u.valToPos(to, "x", true));
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

const figure = ({ value }) => number(value, Number.isInteger(value) ? 0 : 1);
const limitText = (limit) => `${figure(limit)}: ${limit.label}`;

// Numbers of the law are drawn solid, advice is dashed.
export const binds = (limit) => !["guideline", "interim"].includes(limit.kind);
const dash = (limit) => (binds(limit) ? [] : DASH);

export function drawLimits(u, chart) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.font = `600 ${13 * ratio}px 'Source Sans 3', sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 1.6 * ratio;
  const shown = chart.limits.filter((limit) => limit.value <= chart.top);
  const at = (limit) => u.valToPos(limit.value, "y", true);
  const places = apart(shown.map((limit) => ({ limit, y: at(limit) })), LINE * ratio, bbox.top + bbox.height);
  for (const limit of shown) {
    ctx.strokeStyle = limitColour(limit);
    ctx.setLineDash(dash(limit).map((part) => part * ratio));
    ctx.beginPath();
    ctx.moveTo(bbox.left, at(limit));
    ctx.lineTo(right, at(limit));
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.lineWidth = ratio;
  for (const { limit, y, place } of places) {
    ctx.strokeStyle = ctx.fillStyle = limitColour(limit);
    ctx.beginPath();
    ctx.moveTo(right, y);
    ctx.lineTo(right + 6 * ratio, place);
    ctx.stroke();
    ctx.fillText(figure(limit), right + 9 * ratio, place);
  }
  ctx.restore();
}

// Returns one place for each number beside the picture, near its line and clear of the others, from the top down.
export function apart(lines, height, bottom) {
  const found = [];
  const binding = (line) => (binds(line.limit) ? 0 : 1);
  for (const line of [...lines].sort((a, b) => a.y - b.y || binding(a) - binding(b))) {
    const above = found.at(-1);
    // two rules with the same number share it
    if (above && above.limit.value === line.limit.value) continue;
    found.push({ ...line, place: above ? Math.max(line.y, above.place + height) : line.y });
  }
  let lowest = bottom;
  for (const line of found.toReversed()) {
    line.place = Math.min(line.place, lowest);
    lowest = line.place - height;
  }
  return found;
}

const CORRECTED = "--gb-series-3";

function mark(context, x, bottom, size) {
  context.beginPath();
  context.moveTo(x, bottom - 1.6 * size);
  context.lineTo(x + size, bottom);
  context.lineTo(x - size, bottom);
  context.closePath();
  context.fill();
}

// A value that was corrected or withdrawn has a mark at the foot of the picture; those that would overlap share one.
export function drawCorrections(u, chart) {
  const [start, end] = chart.view;
  const ratio = devicePixelRatio;
  const { ctx, bbox } = u;
  ctx.save();
  ctx.fillStyle = colour(CORRECTED);
  let last = -Infinity;
  for (const at of chart.corrected) {
    if (at < start || at >= end) continue;
    const x = u.valToPos(at, "x", true);
    if (x - last < 4 * ratio) continue;
    mark(ctx, x, bbox.top + bbox.height, 5 * ratio);
    last = x;
  }
  ctx.restore();
}

function sample(paint) {
  const canvas = document.createElement("canvas");
  canvas.width = 56;
  canvas.height = 28;
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  paint(context);
  return canvas;
}

function line(stroke, dash = []) {
  return (context) => {
    context.strokeStyle = stroke;
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(0, 7);
    context.lineTo(28, 7);
    context.stroke();
  };
}

const block = (fill) => (context) => {
  context.fillStyle = fill;
  context.fillRect(0, 0, 28, 14);
};

export function chartKey(list, chart, ids, answer) {
  list.replaceChildren();
  const add = (paint, text) => {
    const item = document.createElement("li");
    item.append(sample(paint), text);
    list.append(item);
  };
  ids.forEach((id, index) => {
    const name = chart.names[id] ?? (ids.length > 1 ? id : words.mean);
    add(line(seriesColour(index)), `${name}${ids.length > 1 ? "" : ` (${chart.unit})`}`);
    const { mean, min, max } = answer.series[id];
    const spread = mean.some((value, at) => value !== null && (min?.[at] ?? value) !== (max?.[at] ?? value));
    if (spread && ids.length === 1) add(block(`${seriesColour(index)}38`), words.band);
  });
  if (ids.length === 1 && answer.gaps?.[ids[0]]?.length) add(block(colour("--gb-gap")), words.gap);
  const [start, end] = chart.view;
  if (chart.corrected.some((at) => at >= start && at < end)) {
    add((context) => {
      context.fillStyle = colour(CORRECTED);
      mark(context, 14, 12, 6);
    }, words.corrected);
  }
  for (const limit of chart.limits) {
    const off = limit.value > chart.top ? ` (${words.offScale})` : "";
    add(line(limitColour(limit), binds(limit) ? [] : [5, 3]), `${limitText(limit)}${off}`);
  }
}
