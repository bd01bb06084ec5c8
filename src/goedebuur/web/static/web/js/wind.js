// The wind of the moment: an arrow that flies with the wind, and the same in words.
import { CLOCK, moment, number, words, zone } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

// Returns the words for where the wind comes from, by sixteenth of the circle.
export function fromWhere(degrees, names = words.directions) {
  return names[Math.round((((degrees % 360) + 360) % 360) / 22.5) % 16];
}

function arrow(direction) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, direction === null ? "circle" : "path");
  if (direction === null) {
    for (const [name, value] of [["cx", 16], ["cy", 16], ["r", 6]]) shape.setAttribute(name, value);
  } else {
    shape.setAttribute("d", "M16 2 24 14H19V30H13V14H8Z");
    shape.setAttribute("transform", `rotate(${direction + 180} 16 16)`);
  }
  svg.append(shape);
  return svg;
}

function nearest(rows, { lng, lat }) {
  const shrink = Math.cos((lat * Math.PI) / 180);
  const far = (row) => Math.hypot((row.longitude - lng) * shrink, row.latitude - lat);
  return rows.reduce((best, row) => (far(row) < far(best) ? row : best));
}

// Returns a box and the function that shows the weather station nearest to a place; null without wind. The verdicts on
// the map may be of another year than the wind: then the box says so.
export function windBox(rows, verdictYear = null) {
  if (!rows?.length) return null;
  const element = document.createElement("p");
  element.className = "gb-map__wind";
  let shown = null;
  function show(place) {
    const row = nearest(rows, place);
    if (row === shown) return;
    shown = row;
    const text = document.createElement("span");
    const strong = document.createElement("strong");
    const speed = `${number(row.speed, 1)} m/s`;
    if (row.variable) strong.textContent = `${words.windVariable}, ${speed}`;
    else if (row.direction === null) strong.textContent = words.windCalm;
    else strong.textContent = `${words.wind} ${fromWhere(row.direction)}, ${speed}`;
    const start = Date.parse(row.start) / 1000;
    const hour = `${moment(start, { day: "numeric", month: "short", year: "numeric" })} ${moment(start, CLOCK)} ${zone(start)}`;
    const year = Number(moment(start, { year: "numeric" }));
    const other = verdictYear && year !== verdictYear ? `. ${words.windOtherYear.replace("YEAR", verdictYear)}` : "";
    const newest = document.createElement("span");
    newest.textContent = `${words.windNewest}:`;
    text.append(newest, strong, `${row.name}, ${hour}${other}`);
    element.replaceChildren(arrow(row.variable ? null : row.direction), text);
  }
  return { element, show };
}
