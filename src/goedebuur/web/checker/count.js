// Counting by hand: rows as hours, days and running means, in whole numbers. The same as core/proof/hours.py, and the
// figures that a rule is judged from as core/proof/evaluating.py makes them.
import { Refusal } from "./log.js";
import { Unreadable } from "./read.js";

export const MICRO = 1_000_000n;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86400;
const DAY_HOURS = 24;
const DAY_MILLIS = 86_400_000;
const OFFSETS = { UTC: 0, CET: 1 };
const RUNNING = 8;
const COMMON = 840n;
const DAYTIME = [8, 20];
const SEASON_MONTHS = 6;
export const SEASON_WINDOWS = 7;
export const SHORT_STEPS = { ten_minute_above: 600, fifteen_minute_above: 900 };
export const OF_MAXIMA = ["day_max_8h_above", "day_max_8h_above_years", "day_max_8h_percentile"];
const BEFORE_HOURS = 12;
const WINTER = [10, 4];

export function ratio(name, unit, table) {
  if (!Object.hasOwn(table.quantities, name)) {
    throw new Refusal("figure", "input-quantity", "This quantity is not in the table of quantities.", "", name);
  }
  const { ratios } = table.quantities[name];
  if (!Object.hasOwn(ratios, unit)) {
    throw new Refusal("figure", "input-unit", `The unit is not known for ${name}.`, "", unit);
  }
  return ratios[unit].map(BigInt);
}

// Returns total / n (BigInt) rounded to a whole number, halves away from zero.
export function halfAway(total, n) {
  const magnitude = (2n * (total < 0n ? -total : total) + n) / (2n * n);
  return total < 0n ? -magnitude : magnitude;
}

// Returns the days from 1970 to a day of a calendar; month 1 to 12, and beyond.
export function dayNumber(year, month, day) {
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  return moment.getTime() / DAY_MILLIS;
}

export function monthOf(day) {
  const moment = new Date(day * DAY_MILLIS);
  return moment.getUTCFullYear() * 12 + moment.getUTCMonth();
}

export function yearOf(day) {
  return Math.floor(monthOf(day) / 12);
}

export function firstHour(day, clock) {
  return day * DAY_HOURS - OFFSETS[clock];
}

export function knownClock(clock) {
  return Object.hasOwn(OFFSETS, clock);
}

export function winterHours(year, clock) {
  return [firstHour(dayNumber(year - 1, WINTER[0], 1), clock), firstHour(dayNumber(year, WINTER[1], 1), clock)];
}

// Returns the first and the last moment [µs] of the rows that a rule looks at.
function spanOf(rule, year) {
  const { clock, statistic } = rule.measure;
  const hours = (at) => BigInt(at) * 3600n * MICRO;
  let begin = firstHour(dayNumber(year - (rule.years ?? 1) + 1, 1, 1), clock) - BEFORE_HOURS;
  if (statistic === "winter_mean") begin = Math.min(begin, winterHours(year, clock)[0]);
  return [hours(begin), hours(firstHour(dayNumber(year + 1, 1, 1), clock))];
}

export function byStart(rows) {
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return [...rows].sort((a, b) => compare(a.start, b.start) || compare(a.step, b.step));
}

// Returns whether a row counts in figures of a stretch of time.
export function usableIn(row, begin, end, table) {
  return begin <= row.start && row.start < end && row.value !== null && !(row.flags & BigInt(table.unusable));
}

// Returns the hour since 1970 in which a moment [µs] lies. BigInt cuts towards zero: a moment before 1970 is rounded down.
function hourOf(moment) {
  const hour = BigInt(HOUR_SECONDS) * MICRO;
  return Number((moment - (((moment % hour) + hour) % hour)) / hour);
}

// Returns the usable rows that start in [begin, end) with their values in millionths of the canonical unit.
export function valuesOf(rows, quantity, begin, end, table) {
  const found = [];
  for (const row of byStart(rows.values())) {
    if (!usableIn(row, begin, end, table)) continue;
    const [up, down] = ratio(quantity, row.unit, table);
    const [value, share] = [row.value * up * MICRO, down * 10n ** row.decimals];
    if (value % share) throw new Unreadable("finer than millionths");
    const whole = row.step > 0n && row.start % (row.step * MICRO) === 0n;
    const hour = hourOf(row.start);
    found.push({ hour, step: Number(row.step), micro: value / share, whole });
  }
  return found;
}

function meanOf(at, total, n, expected, measured) {
  return { at, total, n, expected, measured, micro: halfAway(total, BigInt(n)) };
}

export function reaches(measured, expected, [up, down]) {
  return expected > 0 && measured * down >= expected * up;
}

function enough(mean, share) {
  return mean.measured * share[1] >= mean.expected * share[0];
}

export function hoursOf(values, share) {
  const means = [];
  const shorter = new Map();
  for (const one of values) {
    if (!one.whole) continue;
    if (one.step === HOUR_SECONDS) means.push(meanOf(one.hour, one.micro, 1, 1, 1));
    else if (one.step < HOUR_SECONDS) shorter.set(one.hour, [...(shorter.get(one.hour) ?? []), one]);
  }
  for (const [at, group] of shorter) {
    const expected = Math.floor(HOUR_SECONDS / Math.max(...group.map((one) => one.step)));
    means.push(meanOf(at, total(group), group.length, expected, group.length));
  }
  return means.filter((mean) => enough(mean, share)).sort((a, b) => a.at - b.at);
}

export function total(means) {
  return means.reduce((sum, one) => sum + one.micro, 0n);
}

// Returns means by label, ascending: `label` gives the label of each, `expected` how many a complete one has.
export function grouped(means, label, expected) {
  const found = new Map();
  for (const one of means) {
    const group = found.get(label(one)) ?? { total: 0n, n: 0 };
    found.set(label(one), { total: group.total + one.micro, n: group.n + 1 });
  }
  const labels = [...found.keys()].sort((a, b) => a - b);
  return labels.map((at) => meanOf(at, found.get(at).total, found.get(at).n, expected(at), found.get(at).n));
}

export function daysOf(hours, clock) {
  return grouped(hours, (one) => dayOf(one.at, clock), () => DAY_HOURS);
}

export function dailyValues(values, clock) {
  const sampled = values.filter((one) => one.step === DAY_SECONDS);
  return grouped(sampled, (one) => dayOf(one.hour + DAY_HOURS / 2, clock), () => 1);
}

export function dayOf(hour, clock) {
  return Math.floor((hour + OFFSETS[clock]) / DAY_HOURS);
}

// Returns sums over the `width` labels up to each, wherever one of them is there.
export function trailing(means, width) {
  const found = new Map();
  for (const one of means) {
    for (let label = one.at; label < one.at + width; label += 1) {
      const sum = found.get(label) ?? { total: 0n, n: 0 };
      found.set(label, { total: sum.total + one.total, n: sum.n + one.n });
    }
  }
  return [...found.entries()].sort(([a], [b]) => a - b).map(([at, sum]) => ({ at, ...sum }));
}

// Returns the days with enough running means of eight hours, and the highest of these.
function maximaOf(hours, clock, capture) {
  const highest = new Map();
  const single = hours.map((hour) => ({ at: hour.at, total: hour.micro, n: 1 }));
  for (const window of trailing(single, RUNNING)) {
    if (window.n * capture.eight_hour[1] < RUNNING * capture.eight_hour[0]) continue;
    const scaled = window.total * (COMMON / BigInt(Math.min(window.n, RUNNING)));
    const day = dayOf(window.at, clock);
    const [most, windows] = highest.get(day) ?? [scaled, 0];
    highest.set(day, [scaled > most ? scaled : most, windows + 1]);
  }
  const days = [...highest.entries()].sort(([a], [b]) => a - b);
  const means = days.map(([day, [most, windows]]) => meanOf(day, most, Number(COMMON), DAY_HOURS, windows));
  return means.filter((mean) => enough(mean, capture.day_max_8h));
}

// Returns the value with the rank that is p·N rounded up.
export function rankedOf(micros, [up, down]) {
  const rank = Math.floor((up * micros.length + down - 1) / down);
  const sorted = [...micros].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1];
}

export function isAbove(sum, n, measure, rounded) {
  const number = BigInt(n);
  if (rounded) return sum * 2n >= number * (2n * measure.micro + measure.step);
  return sum > number * measure.micro;
}

// Everything that is counted of one rule, series and year; `part` is where exceedances count, null for the whole year.
export class Counting {
  constructor(rows, rule, year, part, table) {
    const { measure } = rule;
    const values = valuesOf(rows, measure.quantity, ...spanOf(rule, year), table);
    Object.assign(this, { rule, measure, year, part, values });
    this.clock = measure.clock;
    this.hours = hoursOf(values, measure.capture.hour);
    const eight = OF_MAXIMA.includes(measure.statistic) || measure.statistic === "peak_season";
    if (eight && !(measure.capture.eight_hour && measure.capture.day_max_8h)) throw new Unreadable("no shares");
    this.maxima = eight ? maximaOf(this.hours, this.clock, measure.capture) : [];
    this.inYear = this.hours.filter((hour) => this.isHourOf(hour.at, year));
  }

  isHourOf(hour, year) {
    return yearOf(dayOf(hour, this.clock)) === year;
  }

  counts(day) {
    return this.part === null || (this.part[0] <= day && day <= this.part[1]);
  }

  countsHour(hour) {
    return this.counts(dayOf(hour, this.clock));
  }

  above(means, rounded) {
    return means.filter((mean) => isAbove(mean.total, mean.n, this.measure, rounded)).length;
  }

  // Returns the sum, number and expected number of a year's mean: of hours, or of samples of 24 hours.
  yearMean() {
    const days = dailyValues(this.values, this.clock).filter((day) => yearOf(day.at) === this.year);
    if (days.length) return { total: total(days), n: days.length, expected: daysInYear(this.year) };
    if (!this.inYear.length) return null;
    return { total: total(this.inYear), n: this.inYear.length, expected: daysInYear(this.year) * DAY_HOURS };
  }

  winterMean() {
    const [begin, end] = winterHours(this.year, this.clock);
    const cold = this.hours.filter((hour) => begin <= hour.at && hour.at < end);
    return cold.length ? { total: total(cold), n: cold.length, expected: end - begin } : null;
  }

  // Returns all days of the year, whatever was measured of them.
  allDays() {
    const both = [...daysOf(this.hours, this.clock), ...dailyValues(this.values, this.clock)];
    return both.filter((day) => yearOf(day.at) === this.year);
  }

  validDays(share) {
    return this.allDays().filter((day) => enough(day, share));
  }

  ranked(days, share) {
    return days.length ? { total: rankedOf(days.map((day) => day.micro), share), n: 1 } : { total: 0n, n: 0 };
  }

  runs(rounded) {
    const length = this.rule.consecutive ?? 1;
    const over = this.hours.filter((hour) => isAbove(hour.total, hour.n, this.measure, rounded)).map((hour) => hour.at);
    return over.filter((at, i) => {
      const complete = i >= length - 1 && over[i - length + 1] === at - length + 1;
      const first = i < length || over[i - length] !== at - length;
      return complete && first && this.isHourOf(at, this.year) && this.countsHour(at);
    }).length;
  }

  steps(step) {
    const inside = this.values.filter((one) => one.step === step && this.isHourOf(one.hour, this.year));
    return inside.filter((one) => this.countsHour(one.hour)).map((one) => meanOf(one.hour, one.micro, 1, 1, 1));
  }

  maximaOf(year) {
    return this.maxima.filter((day) => yearOf(day.at) === year);
  }

  // Returns how many months of the summer have enough day maxima and enough hours of the day.
  summerMonths(year) {
    const { capture } = this.measure;
    return [4, 5, 6, 7, 8, 9].filter((month) => {
      const label = year * 12 + month - 1;
      const days = this.maxima.filter((day) => monthOf(day.at) === label).length;
      const inside = this.hours.filter((hour) => {
        const of = (((hour.at + 1) % DAY_HOURS) + DAY_HOURS) % DAY_HOURS;
        return DAYTIME[0] <= of && of < DAYTIME[1] && monthOf(dayOf(hour.at, this.clock)) === label;
      });
      const expected = daysInMonth(label) * (DAYTIME[1] - DAYTIME[0]);
      return days >= capture.month_days && reaches(inside.length, expected, capture.month_hours);
    }).length;
  }

  // Returns the highest six months: a valid one before others, then by mean, then the first; null without any.
  season(share) {
    const monthly = grouped(this.maximaOf(this.year), (day) => monthOf(day.at), daysInMonth);
    const every = trailing(monthly, SEASON_MONTHS)
      .filter(({ at }) => Math.floor(at / 12) === this.year && at % 12 >= SEASON_MONTHS - 1)
      .map(({ at, total: sum, n }) => {
        const expected = dayNumber(0, at + 2, 1) - dayNumber(0, at + 2 - SEASON_MONTHS, 1);
        const mean = meanOf(at, sum, n, expected, n);
        return { ...mean, valid: enough(mean, share) };
      });
    if (!every.length) return null;
    const better = (a, b) => Number(a.valid) - Number(b.valid) || (a.micro > b.micro ? 1 : a.micro < b.micro ? -1 : b.at - a.at);
    const best = every.reduce((found, one) => (better(one, found) > 0 ? one : found));
    return { ...best, windows: every.filter((one) => one.valid).length };
  }
}

export function daysInYear(year) {
  return dayNumber(year + 1, 1, 1) - dayNumber(year, 1, 1);
}

export function daysInMonth(label) {
  return dayNumber(0, label + 2, 1) - dayNumber(0, label + 1, 1);
}
