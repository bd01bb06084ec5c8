// The verdict that rows and a rule give, under every reading that the rule leaves open: the same as core/compliance
// (scope, readings, judge) says, from the counts of count.js.
import {
  Counting, dayNumber, daysInYear, halfAway, isAbove, knownClock, MICRO, OF_MAXIMA, ratio, reaches, SEASON_WINDOWS,
  SHORT_STEPS,
} from "./count.js";
import { Unreadable } from "./read.js";
import { compareShares, isoDay } from "./rule.js";

const DECIDING = ["confirmed", "judgement"];
const SUBJECTS = ["rounding", "percentile-rank", "day", "year"];
const SUMMER_LENGTH = 6;

function concerning(book, effect) {
  const { set, measure } = book.rule;
  const mine = (row) => row.sets.includes(set) && ["", measure.quantity].includes(row.quantity);
  return book.assessment.filter((row) => row.effect === effect && mine(row));
}

function readingsOf(book, subject, otherwise) {
  return concerning(book, "readings").find((row) => row.id === subject)?.readings ?? [otherwise];
}

function standingOf(rule, year) {
  const [first, last] = [dayNumber(year, 1, 1), dayNumber(year, 12, 31)];
  if (!rule.law) return rule.first <= last ? "advice" : "later_advice";
  if (rule.first > last) return "looking_ahead";
  if (rule.last !== null && rule.last < first) return "lapsed";
  return rule.first <= first && (rule.last === null || last <= rule.last) ? "in_force" : "part_of_year";
}

function heldOf(rule, year) {
  return [Math.max(dayNumber(year, 1, 1), rule.first), Math.min(dayNumber(year, 12, 31), rule.last ?? Infinity)];
}

function partOf(rule, year) {
  if (!rule.law || rule.allowed === null || rule.years > 1) return null;
  return standingOf(rule, year) === "part_of_year" ? heldOf(rule, year) : null;
}

function choicesOf(rounding, year, day = null) {
  const found = { rounding, year: year.join("/") };
  return day === null ? found : { ...found, day: day.join("/") };
}

function readingOf(found) {
  return { total: 0n, n: 0, exceedances: null, allowed: null, proven: false, ...found };
}

// Returns all readings of the rule; empty where not one value is valid.
function everyReading(book, counting) {
  const { statistic } = book.rule.measure;
  const roundings = readingsOf(book, "rounding", "exact");
  if (["year_mean", "winter_mean"].includes(statistic)) return means(counting, roundings);
  if (statistic === "peak_season") return seasonReadings(counting, roundings);
  if (statistic === "day_max_8h_above_years") return severalYears(counting, roundings);
  if (statistic.endsWith("_percentile")) return percentiles(book, counting, roundings);
  return countReadings(counting, roundings);
}

function means(counting, roundings) {
  const { measure } = counting;
  const found = measure.statistic === "year_mean" ? counting.yearMean() : counting.winterMean();
  if (!found) return [];
  return roundings.flatMap((rounding) => {
    const certain = isAbove(found.total, found.expected, measure, rounding === "rounded");
    const over = isAbove(found.total, found.n, measure, rounding === "rounded");
    return measure.capture.year.map((share) => {
      const enough = reaches(found.n, found.expected, share);
      const side = !(enough || certain) ? "low" : over ? "over" : "under";
      const [measured, expected] = [found.n, found.expected];
      const choices = choicesOf(rounding, share);
      return readingOf({ choices, side, enough, measured, expected, required: share, total: found.total, n: found.n });
    });
  });
}

function countReadings(counting, roundings) {
  const { rule, measure } = counting;
  const allowed = rule.allowed ?? 0;
  const days = measure.statistic === "days_above" ? measure.capture.day : [null];
  return roundings.flatMap((rounding) => days.flatMap((day) => {
    const counted = countedOf(counting, rounding === "rounded", day);
    if (!counted) return [];
    const [exceedances, measured, expected] = counted;
    return measure.capture.year.map((share) => {
      const enough = reaches(measured, expected, share);
      const side = exceedances > allowed ? "over" : enough ? "under" : "low";
      const choices = choicesOf(rounding, share, day);
      return readingOf({ choices, side, enough, measured, expected, required: share, exceedances, allowed });
    });
  }));
}

// Returns exceedances, values that count for the capture, and how many of these a year has; null without values.
function countedOf(counting, rounded, day) {
  const { measure, year, part } = counting;
  const expectedDays = part ? part[1] - part[0] + 1 : daysInYear(year);
  if (OF_MAXIMA.includes(measure.statistic)) {
    const days = counting.maximaOf(year).filter((one) => counting.counts(one.at));
    if (!days.length) return null;
    const exceedances = counting.above(days, rounded);
    if (measure.capture.year_of === "summer_months") return [exceedances, counting.summerMonths(year), SUMMER_LENGTH];
    return [exceedances, days.length, expectedDays];
  }
  if (measure.statistic === "days_above") {
    const days = counting.validDays(day).filter((one) => counting.counts(one.at));
    return days.length ? [counting.above(days, rounded), days.length, expectedDays] : null;
  }
  const expectedHours = expectedDays * 24;
  const step = SHORT_STEPS[measure.statistic];
  if (step) {
    const inside = counting.steps(step);
    return inside.length ? [counting.above(inside, rounded), inside.length, (expectedHours * 3600) / step] : null;
  }
  const hours = counting.inYear.filter((hour) => counting.countsHour(hour.at));
  if (!hours.length) return null;
  const runs = measure.statistic === "consecutive_hours_above";
  return [runs ? counting.runs(rounded) : counting.above(hours, rounded), hours.length, expectedHours];
}

function severalYears(counting, roundings) {
  const { rule, measure, year } = counting;
  const { capture } = measure;
  const share = capture.year.at(-1);
  const years = Array.from({ length: rule.years }, (_, k) => year - rule.years + 1 + k);
  const every = years.map((at) => counting.maximaOf(at));
  if (rule.allowed === null || !every.some((days) => days.length)) return [];
  const summer = capture.year_of === "summer_months";
  const good = years.map((at, k) => summer
    ? reaches(counting.summerMonths(at), SUMMER_LENGTH, share)
    : reaches(every[k].length, daysInYear(at), share));
  const sum = (numbers) => numbers.reduce((found, one) => found + one, 0);
  const k = good.filter(Boolean).length;
  return roundings.map((rounding) => {
    const sums = every.map((days) => counting.above(days, rounding === "rounded"));
    const counted = sum(sums.filter((_, at) => good[at]));
    const over = k > 0 && counted > rule.allowed * k;
    const despite = sum(sums) > rule.allowed * rule.years && !over;
    const summed = despite || k === 0;
    return readingOf({
      choices: { rounding },
      side: over || despite ? "over" : k ? "under" : "low",
      enough: k > 0 && !despite,
      measured: k,
      expected: rule.years,
      required: [1, rule.years],
      exceedances: summed ? sum(sums) : counted,
      allowed: rule.allowed * (summed ? rule.years : k),
    });
  });
}

function aboveRank(n, [up, down], rank) {
  if (rank === "ceiling") return n - Math.floor((up * n + down - 1) / down);
  return n - Math.floor((2 * up * n + down) / (2 * down));
}

function percentiles(book, counting, roundings) {
  const { rule, measure, year } = counting;
  if (!rule.percentile) return [];
  const expected = daysInYear(year);
  const byDay = measure.statistic === "day_percentile";
  const inYear = counting.maximaOf(year);
  const shown = counting.ranked(byDay ? counting.validDays(measure.capture.day[0]) : inYear, rule.percentile);
  return roundings.flatMap((rounding) => (byDay ? measure.capture.day : [null]).flatMap((day) => {
    const days = byDay ? counting.validDays(day) : inYear;
    const [exceedances, n] = [counting.above(days, rounding === "rounded"), days.length];
    if (!n) return [];
    return readingsOf(book, "percentile-rank", "ceiling").flatMap((rank) => {
      const [allowed, whole] = [n, expected].map((of) => aboveRank(of, rule.percentile, rank));
      return measure.capture.year.map((share) => {
        const enough = reaches(n, expected, share);
        const over = exceedances > (enough ? allowed : whole);
        return readingOf({
          choices: { ...choicesOf(rounding, share, day), "percentile-rank": rank },
          side: over ? "over" : enough ? "under" : "low",
          enough,
          measured: n,
          expected,
          required: share,
          ...shown,
          exceedances,
          allowed,
        });
      });
    });
  }));
}

function seasonReadings(counting, roundings) {
  const { measure } = counting;
  return measure.capture.year.flatMap((share) => {
    const found = counting.season(share);
    if (!found) return [];
    return roundings.map((rounding) => {
      const rounded = rounding === "rounded";
      const complete = found.windows === SEASON_WINDOWS;
      const over = found.valid && isAbove(found.total, found.n, measure, rounded);
      const proven = isAbove(found.total, found.expected, measure, rounded);
      return readingOf({
        choices: choicesOf(rounding, share),
        side: over || proven ? "over" : found.valid && complete ? "under" : "low",
        enough: found.valid && complete,
        measured: found.n,
        expected: found.expected,
        required: share,
        total: found.total,
        n: found.n,
        proven,
      });
    });
  });
}

function differs(a, b) {
  return Object.keys(a.choices).filter((name) => a.choices[name] !== b.choices[name]);
}

// Returns the first subject on which alone an outcome turns, with two readings that differ in nothing else.
function turning(found) {
  for (const subject of SUBJECTS) {
    for (const a of found) {
      for (const b of found) {
        if (differs(a, b).join() === subject && a.side !== b.side) return [subject, a, b];
      }
    }
  }
  return null;
}

const NO_QUESTION = { nl: "", en: "" };

// Returns the side on which all readings come out (null: undetermined), the reason, and the question.
function concludeFrom(book, found) {
  const { rule } = book;
  const { capture, statistic } = rule.measure;
  if (!found.length) return [null, SHORT_STEPS[statistic] ? "steps-too-long" : "nothing-valid", NO_QUESTION];
  if (!DECIDING.includes(rule.status)) return [null, "row-not-confirmed", rule.question];
  if (rule.question.nl) return [null, "question-open", rule.question];
  if (!DECIDING.includes(capture.status)) return [null, "capture-not-confirmed", capture.question];
  const [side] = found.map((reading) => reading.side);
  if (found.some((reading) => reading.side !== side)) {
    const subject = turning(found)?.[0];
    const text = concerning(book, "readings").find((row) => row.id === subject)?.text;
    return [null, "readings-differ", text ?? capture.question];
  }
  const season = statistic === "peak_season";
  if (side === "low") return [null, ...tooLittle(capture, found, season)];
  if (season && !found.every((reading) => reading.enough || reading.proven)) return [side, "season-above", NO_QUESTION];
  const family = season || statistic.endsWith("_mean") ? "mean" : statistic.endsWith("_percentile") ? "percentile" : "count";
  const gaps = found.every((reading) => reading.enough) ? "" : "-despite-gaps";
  return [side, `${family}-${side === "over" ? "above" : "not-above"}${gaps}`, NO_QUESTION];
}

function tooLittle(capture, found, season) {
  if (season) return ["season-incomplete", NO_QUESTION];
  if (capture.maintenance) {
    const [lost, of] = capture.maintenance;
    const near = ({ measured, expected, required: [up, down] }) =>
      measured * down * of >= expected * (up * of - lost * down);
    if (found.every(near)) return ["capture-maintenance", capture.question];
  }
  return ["capture-low", NO_QUESTION];
}

function shownOf(found, side, code) {
  const pair = code === "readings-differ" ? turning(found) : null;
  const candidates = side !== null ? found : pair ? pair.slice(1) : [];
  return candidates.find((reading) => !reading.enough) ?? candidates[0] ?? found[0] ?? null;
}

function valueText(shown, measure, table) {
  if (!shown?.n) return "";
  const [up, down] = ratio(measure.quantity, measure.unit, table);
  const decimals = measure.decimals + 1;
  const rounded = halfAway(shown.total * down * 10n ** BigInt(decimals), BigInt(shown.n) * up * MICRO);
  return asText(rounded, BigInt(decimals));
}

// Returns a whole number with its number of decimals as people write it, with a decimal point; empty for none.
export function asText(value, decimals) {
  if (value === null) return "";
  const places = Number(decimals);
  const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
  const sign = value < 0n ? "-" : "";
  return places ? `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}` : `${sign}${digits}`;
}

export function fillIn(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

function filledIn([nl, en], values) {
  return { nl: fillIn(nl, values), en: fillIn(en, values) };
}

function reservationsOf(book, side, year, table) {
  const { rule } = book;
  const told = concerning(book, "note").filter((note) => note.id === "not-statutory").map((note) => note.text);
  const stands = standingOf(rule, year);
  const [first, last] = stands === "part_of_year" ? heldOf(rule, year) : [rule.first, rule.last];
  const name = partOf(rule, year) ? "counted_part" : stands;
  const sentence = table.wording.standing[name];
  if (sentence) {
    told.push(filledIn(sentence, { year, first: isoDay(first), last: last === null ? "-" : isoDay(last) }));
  }
  if (rule.reservation.nl) told.push(rule.reservation);
  if (side === "over") told.push(...concerning(book, "reservation").map((row) => row.text));
  return told;
}

// Returns an outcome in words: a limit that bound, another number of the law, and advice never share their words.
export function outcomeWords(rule, record, table) {
  const { law, not_binding: other, advice } = table.wording;
  const binding = record.kind === "limit_value" && record.standing === "in_force";
  return (!rule.law ? advice : binding ? law : other)[record.outcome];
}

// Returns every field of the verdict of a rule on a series in a year.
export function judge(book, rows, series, year, table) {
  const { rule } = book;
  const { measure } = rule;
  if (!knownClock(measure.clock)) throw new Unreadable("a clock that is not known");
  const found = everyReading(book, new Counting(rows, rule, year, partOf(rule, year), table));
  const [side, code, question] = concludeFrom(book, found);
  const shown = shownOf(found, side, code);
  const strictest = found.map((one) => one.required).reduce(
    (most, one) => (most === null || compareShares(one, most) > 0 ? one : most), null);
  const value = valueText(shown, measure, table);
  const reason = filledIn(table.wording.reasons[code], {
    limit: measure.value,
    unit: measure.unit,
    status: DECIDING.includes(rule.status) ? measure.capture.status : rule.status,
    minutes: Math.floor((SHORT_STEPS[measure.statistic] ?? 0) / 60),
    required: strictest ? strictest.join("/") : "",
    value,
    exceedances: shown ? shown.exceedances : 0,
    allowed: shown ? shown.allowed : 0,
    capture: shown?.measured ?? 0,
    expected: shown?.expected ?? 0,
  });
  const reservations = reservationsOf(book, side, year, table);
  const words = rule.law ? { over: "EXCEEDS", under: "MEETS" } : { over: "ABOVE_GUIDELINE", under: "WITHIN_GUIDELINE" };
  return {
    series,
    station: series.split(".").slice(0, -2).join("."),
    quantity: measure.quantity,
    year,
    limit_id: rule.id,
    set: rule.set,
    kind: rule.kind,
    statistic: measure.statistic,
    standing: standingOf(rule, year),
    outcome: side === null ? "UNDETERMINED" : words[side],
    reason_code: code,
    reason: reason.nl,
    reason_en: reason.en,
    value_text: value,
    limit_text: measure.value,
    unit: measure.unit,
    exceedances: shown?.exceedances ?? null,
    allowed: shown?.allowed ?? null,
    capture_num: shown?.measured ?? 0,
    capture_den: shown?.expected ?? 0,
    required_num: strictest?.[0] ?? 0,
    required_den: strictest?.[1] ?? 0,
    total: shown?.total ?? 0n,
    n: shown?.n ?? 0,
    question: question.nl,
    question_en: question.en,
    reservations: reservations.map((text) => text.nl),
    reservations_en: reservations.map((text) => text.en),
  };
}
