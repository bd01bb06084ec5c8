// Wind rose and concentration rose as SVG, from the figures that the page already holds in its table.
import { fromWhere } from "./wind.js";
import { number, words } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 118;
const MIDDLE = 150;

function make(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// Returns the point at a bearing: clockwise from north, at a distance from the middle.
function at(bearing, distance) {
  const angle = (bearing * Math.PI) / 180;
  return [MIDDLE + distance * Math.sin(angle), MIDDLE - distance * Math.cos(angle)].map((one) => one.toFixed(2));
}

function petal(bearing, half, inner, outer) {
  const [a, b] = [bearing - half, bearing + half];
  const back = inner > 0 ? `L${at(b, inner)}A${inner} ${inner} 0 0 0 ${at(a, inner)}` : `L${MIDDLE} ${MIDDLE}`;
  return `M${at(a, inner)}L${at(a, outer)}A${outer} ${outer} 0 0 1 ${at(b, outer)}${back}Z`;
}

function scale(highest) {
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((one) => highest / one <= 5) ?? 2000;
  return { step, top: Math.max(step, Math.ceil(highest / step - 1e-9) * step) };
}

function rings(svg, { step, top }, unit) {
  for (let value = step; value <= top + 1e-9; value += step) {
    svg.append(make("circle", { cx: MIDDLE, cy: MIDDLE, r: (RADIUS * value) / top, class: "gb-rose__ring" }));
  }
  [0, 90, 180, 270].forEach((bearing) => {
    const [x, y] = at(bearing, RADIUS + 15);
    svg.append(make("text", { x, y, dy: "0.35em", "text-anchor": "middle" }, fromWhere(bearing, words.short)));
  });
  for (let value = step; value <= top + 1e-9; value += step) {
    const [x, y] = at(45, (RADIUS * value) / top);
    const digits = step < 1 ? 1 : 0;
    svg.append(make("text", { x, y, dx: 2, "text-anchor": "start" }, `${number(value, digits)} ${unit}`));
  }
}

function windPetals(svg, rose, top, half) {
  rose.sectors.forEach((bearing, sector) => {
    let inner = 0;
    rose.frequency[sector].forEach((share, speed) => {
      if (!share) return;
      const outer = inner + (RADIUS * share) / top;
      const path = make("path", {
        d: petal(bearing, half, inner, outer),
        class: `gb-rose__petal gb-rose__class-${Math.min(4, speed)}`,
      });
      path.append(make("title", {}, `${fromWhere(bearing)}: ${number(share, 1)} %`));
      svg.append(path);
      inner = outer;
    });
  });
}

function meanPetals(svg, rose, top, half) {
  rose.sectors.forEach((bearing, sector) => {
    const mean = rose.mean[sector];
    if (mean === null || mean <= 0) return;
    const path = make("path", {
      d: petal(bearing, half, 0, (RADIUS * mean) / top),
      class: "gb-rose__petal gb-rose__class-2",
    });
    path.append(make("title", {}, `${fromWhere(bearing)}: ${number(mean, rose.decimals ?? 1)} ${rose.unit ?? ""}`));
    svg.append(path);
  });
}

function speedKey(rose) {
  const list = document.createElement("ul");
  list.className = "gb-rose__key";
  rose.class_words.forEach((speeds, index) => {
    const item = document.createElement("li");
    const svg = make("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" });
    svg.append(make("rect", { width: 10, height: 10, class: `gb-rose__class-${Math.min(4, index)}` }));
    item.append(svg, speeds);
    list.append(item);
  });
  const calm = document.createElement("li");
  calm.textContent = `${words.calm}: ${number(rose.calm, 1)} %`;
  list.append(calm);
  return list;
}

export function drawRose(element) {
  const source = document.getElementById(element.dataset.source);
  if (!source) return;
  const rose = JSON.parse(source.textContent);
  const wind = element.dataset.kind === "wind";
  const half = (180 / rose.sectors.length) * 0.86;
  const sums = wind ? rose.frequency.map((row) => row.reduce((a, b) => a + b, 0)) : rose.mean.map((mean) => mean ?? 0);
  const measure = scale(Math.max(...sums, 0));
  const svg = make("svg", { viewBox: "0 0 300 300", role: "img", class: "gb-rose" });
  svg.setAttribute("aria-label", wind ? words.windRose : words.concentrationRose);
  (wind ? windPetals : meanPetals)(svg, rose, measure.top, half);
  rings(svg, measure, wind ? "%" : rose.unit ?? "");
  element.prepend(svg, ...(wind ? [speedKey(rose)] : []));
  element.dataset.roseReady = "1";
}
