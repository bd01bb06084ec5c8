// What is drawn beside the lines: gaps, limits, and the key that explains them.
import { colour, number, words } from "./words.js";

const COLOURS = ["--gb-series-1", "--gb-series-2", "--gb-series-3", "--gb-series-4"];
const DASH = [7, 5];
const NARROW = 420; // a picture of fewer CSS pixels has no room for labels: the key has them

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

// Returns the number of a limit with its words; a label that has the number already is left as it is.
function limitText({ label: text, value }) {
  const plain = number(value, Number.isInteger(value) ? 0 : 1);
  return text.includes(plain) ? text : `${plain}: ${text}`;
}

// Numbers of the law are drawn solid, advice is dashed.
export const binds = (limit) => !["guideline", "interim"].includes(limit.kind);
const dash = (limit) => (binds(limit) ? [] : DASH);

export function drawLimits(u, chart) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${12.5 * ratio}px 'Source Sans 3', sans-serif`;
  ctx.textAlign = "right";
  ctx.textBaseline = "alphabetic";
  ctx.lineWidth = 1.6 * ratio;
  const taken = [];
  const ys = chart.limits.map((limit) => Math.round(u.valToPos(limit.value, "y", true)));
  for (const limit of [...chart.limits].sort((a, b) => b.value - a.value)) {
    if (limit.value > chart.top) continue;
    const y = Math.round(u.valToPos(limit.value, "y", true));
    ctx.strokeStyle = limitColour(limit);
    ctx.setLineDash(dash(limit).map((part) => part * ratio));
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    // above the line, else below it; where both are taken by another line or label, the key has it
    const lines = ys.filter((other) => other !== y);
    const free = [y - 5 * ratio, y + 14 * ratio].find(
      (at) =>
        taken.every((one) => Math.abs(one - at) > 15 * ratio) &&
        lines.every((line) => line < at - 12 * ratio || line > at + 4 * ratio),
    );
    if (free === undefined || bbox.width < NARROW * ratio) continue;
    taken.push(free);
    label(ctx, bbox, limit, free, ratio);
  }
  ctx.restore();
}

function label(ctx, bbox, limit, y, ratio) {
  const room = bbox.width - 12 * ratio;
  let text = limitText(limit);
  while (text.length > 4 && ctx.measureText(text).width > room) text = `${text.slice(0, -2)}…`;
  const right = bbox.left + bbox.width - 6 * ratio;
  const width = ctx.measureText(text).width;
  ctx.fillStyle = colour("--basis-color-default-bg-document");
  ctx.globalAlpha = 0.82;
  ctx.fillRect(right - width - 3 * ratio, y - 11 * ratio, width + 6 * ratio, 14 * ratio);
  ctx.globalAlpha = 1;
  ctx.fillStyle = limitColour(limit);
  ctx.fillText(text, right, y);
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
  for (const limit of chart.limits) {
    const off = limit.value > chart.top ? ` (${words.offScale})` : "";
    add(line(limitColour(limit), binds(limit) ? [] : [5, 3]), `${limitText(limit)}${off}`);
  }
}
