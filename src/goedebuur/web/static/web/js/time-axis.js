// Ticks of a time axis on CET (UTC+1 all year), and their labels.
import { moment } from "./words.js";

const OFFSET = 3600;
const HOUR = 3600;
const DAY = 86400;
const STEPS = [HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY];
const MONTHS = [1, 2, 3, 6, 12, 24, 60];

function byMonths(min, max, months) {
  const first = new Date((min + OFFSET) * 1000);
  let month = first.getUTCFullYear() * 12 + first.getUTCMonth();
  month -= month % months;
  const ticks = [];
  for (;;) {
    const tick = Date.UTC(Math.floor(month / 12), month % 12, 1) / 1000 - OFFSET;
    if (tick > max) return ticks;
    if (tick >= min) ticks.push(tick);
    month += months;
  }
}

function bySeconds(min, max, step) {
  // weeks start on a Monday: 5 January 1970 was one
  const anchor = step === 7 * DAY ? 4 * DAY - OFFSET : -OFFSET;
  const ticks = [];
  for (let tick = Math.ceil((min - anchor) / step) * step + anchor; tick <= max; tick += step) ticks.push(tick);
  return ticks;
}

// Returns {ticks, unit} with at most `most` ticks between two moments. [epoch s]
export function ticks(min, max, most) {
  const room = (max - min) / Math.max(1, most);
  const step = STEPS.find((one) => one >= room);
  if (step) return { ticks: bySeconds(min, max, step), unit: step < DAY ? "hour" : "day" };
  const months = MONTHS.find((one) => one * 31 * DAY >= room) ?? 120;
  return { ticks: byMonths(min, max, months), unit: months < 12 ? "month" : "year" };
}

const LABELS = {
  hour: { hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
  month: { month: "short" },
  year: { year: "numeric" },
};
const ABOVE = {
  hour: { day: "numeric", month: "short", year: "numeric" },
  day: { year: "numeric" },
  month: { year: "numeric" },
};

// Returns the labels; the first and each change of day or year has it on a second line.
export function labels(list, unit) {
  let above = "";
  return list.map((tick) => {
    const label = moment(tick, LABELS[unit]).replace(".", "");
    if (!ABOVE[unit]) return label;
    const now = moment(tick, ABOVE[unit]).replace(".", "");
    if (now === above) return label;
    above = now;
    return `${label}\n${now}`;
  });
}
