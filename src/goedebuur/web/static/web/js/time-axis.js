// Ticks of a time axis in Dutch civil time, and their labels. Days of 23 and 25 hours keep their midnights.
import { ahead, moment } from "./words.js";

const HOUR = 3600;
const DAY = 86400;
const STEPS = [HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY];
const MONTHS = [1, 2, 3, 6, 12, 24, 60];

// Civil moments are counted as if clocks never changed; these two go there and back.
const civil = (seconds) => seconds + ahead(seconds);
const utc = (wall) => wall - ahead(wall - ahead(wall));

function byMonths(min, max, months) {
  const first = new Date(civil(min) * 1000);
  let month = first.getUTCFullYear() * 12 + first.getUTCMonth();
  month -= month % months;
  const ticks = [];
  for (;;) {
    const tick = utc(Date.UTC(Math.floor(month / 12), month % 12, 1) / 1000);
    if (tick > max) return ticks;
    if (tick >= min) ticks.push(tick);
    month += months;
  }
}

function bySeconds(min, max, step) {
  // weeks start on a Monday: 5 January 1970 was one
  const anchor = step === 7 * DAY ? 4 * DAY : 0;
  const ticks = [];
  const last = civil(max);
  for (let wall = Math.ceil((civil(min) - anchor) / step) * step + anchor; wall <= last; wall += step) {
    const tick = utc(wall);
    if (tick >= min && tick <= max && tick !== ticks.at(-1)) ticks.push(tick);
  }
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
