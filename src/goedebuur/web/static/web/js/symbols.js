// The symbols of the map: one shape and one colour each, drawn on a canvas so that no image is fetched.
import { colour } from "./words.js";

const RATIO = 2;
const SIZE = 30; // [CSS pixel]
// worst first: what the key lists first and the map draws on top
export const SYMBOLS = ["above-limit", "above-guideline", "below", "unknown", "none"];

export const symbolClass = (name) => `gb-symbol gb-symbol--${name}`;

function outline(context, name) {
  const middle = SIZE / 2;
  context.beginPath();
  if (name === "above-limit") {
    context.moveTo(middle, 3);
    context.lineTo(SIZE - 3, SIZE - 5);
    context.lineTo(3, SIZE - 5);
    context.closePath();
  } else if (name === "above-guideline") {
    context.moveTo(middle, 3);
    context.lineTo(SIZE - 3, middle);
    context.lineTo(middle, SIZE - 3);
    context.lineTo(3, middle);
    context.closePath();
  } else if (name === "unknown") {
    context.rect(6, 6, SIZE - 12, SIZE - 12);
  } else {
    context.arc(middle, middle, name === "below" ? 9.5 : 6, 0, 2 * Math.PI);
  }
}

function mark(context, name) {
  const text = { "above-limit": "!", unknown: "?" }[name];
  if (!text) return;
  context.fillStyle = colour("--gb-map-halo");
  context.font = "bold 14px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, SIZE / 2, SIZE / 2 + (name === "above-limit" ? 3 : 1));
}

// Returns the sign of a company: a works with a saw-tooth roof, unlike any sign of a verdict.
export function factory() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.scale(RATIO, RATIO);
  const corners = [[4, 25], [4, 12], [11, 17], [11, 12], [18, 17], [19, 5], [24, 5], [26, 25]];
  context.beginPath();
  for (const [x, y] of corners) context.lineTo(x, y);
  context.closePath();
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = colour("--gb-map-halo");
  context.stroke();
  context.fillStyle = colour("--gb-facility");
  context.fill();
  return { image: context.getImageData(0, 0, canvas.width, canvas.height), options: { pixelRatio: RATIO } };
}

// Returns pixels for MapLibre's addImage.
export function symbol(name) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.scale(RATIO, RATIO);
  const ink = colour(`--gb-${name === "none" ? "unknown" : name}`);
  const paper = colour("--gb-map-halo");
  context.lineJoin = "round";
  outline(context, name);
  context.lineWidth = 5;
  context.strokeStyle = paper;
  context.stroke();
  context.fillStyle = name === "none" ? paper : ink;
  context.fill();
  context.lineWidth = name === "none" ? 2.5 : 1;
  context.strokeStyle = ink;
  context.stroke();
  mark(context, name);
  return { image: context.getImageData(0, 0, canvas.width, canvas.height), options: { pixelRatio: RATIO } };
}
