// The rows of rule tables, read as strictly as core/compliance/table_rows.py reads them: a cell that cannot be throws.
import { dayNumber, MICRO, ratio } from "./count.js";
import { Unreadable } from "./read.js";

const VALUE = /^[0-9]+(?:\.[0-9]+)?$/;
const ISO_DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

function need(condition) {
  if (!condition) throw new Unreadable("a rule that cannot be");
}

function chosen(cell, known) {
  need(known.includes(cell));
  return cell;
}

function shareOf(cell) {
  const found = /^([0-9]{1,9})\/([0-9]{1,9})$/.exec(cell);
  need(found && Number(found[1]) > 0 && Number(found[1]) <= Number(found[2]));
  return [Number(found[1]), Number(found[2])];
}

export function compareShares([a, b], [c, d]) {
  return a * d - c * b;
}

function dayIn(cell) {
  const found = ISO_DAY.exec(cell);
  need(found);
  const [year, month, day] = found.slice(1).map(Number);
  const number = dayNumber(year, month, day);
  need(year > 0 && isoDay(number) === cell);
  return number;
}

export function isoDay(number) {
  return new Date(number * 86_400_000).toISOString().slice(0, 10);
}

function countIn(cell) {
  if (!cell) return null;
  need(/^[0-9]{1,9}$/.test(cell));
  return Number(cell);
}

function textIn(row, stem) {
  need(Boolean(row[`${stem}_nl`]) === Boolean(row[`${stem}_en`]));
  return { nl: row[`${stem}_nl`], en: row[`${stem}_en`] };
}

function askedIn(row, table) {
  const status = chosen(row.status, Object.keys(table.wording.statuses));
  const question = textIn(row, "question");
  need(status === "confirmed" || question.nl);
  return { status, question };
}

function captureOf(row, table) {
  const optional = (cell) => (cell ? shareOf(cell) : null);
  const shares = (cell) => cell.split("|").map(shareOf).sort(compareShares);
  const found = {
    id: row.id,
    hour: shareOf(row.hour),
    eight_hour: optional(row.eight_hour),
    day: row.day ? shares(row.day) : [],
    day_max_8h: optional(row.day_max_8h),
    year: shares(row.year),
    year_of: chosen(row.year_of, table.captures),
    month_days: countIn(row.month_days),
    month_hours: optional(row.month_hours),
    maintenance: optional(row.maintenance),
    ...askedIn(row, table),
  };
  need((found.year_of === "summer_months") === Boolean(found.month_days && found.month_hours));
  return found;
}

function measureOf(row, captures, table) {
  need(row.quantity && VALUE.test(row.value));
  const [up, down] = ratio(row.quantity, row.unit, table);
  const decimals = row.value.includes(".") ? row.value.split(".")[1].length : 0;
  const [digits, share] = [BigInt(row.value.replace(".", "")), 10n ** BigInt(decimals) * down];
  need((digits * MICRO * up) % share === 0n && (MICRO * up) % share === 0n);
  const statistic = chosen(row.statistic, Object.keys(table.wording.statistics));
  const capture = captures.get(row.capture) ?? null;
  need(capture || (!row.capture && statistic === "exposure_index"));
  if (["days_above", "day_percentile"].includes(statistic)) need(capture.day.length);
  if (statistic.startsWith("day_max_8h") || statistic === "peak_season") need(capture.eight_hour && capture.day_max_8h);
  const micro = (digits * MICRO * up) / share;
  const clock = chosen(row.clock, table.clocks);
  const of = { quantity: row.quantity, statistic, value: row.value, unit: row.unit, clock, capture, decimals };
  return { ...of, micro, step: (MICRO * up) / share };
}

function limitOf(row, captures, table) {
  const measure = measureOf(row, captures, table);
  const found = {
    law: true,
    id: row.id,
    set: row.set,
    kind: chosen(row.kind, table.limit_kinds),
    measure,
    allowed: countIn(row.allowed),
    consecutive: countIn(row.consecutive),
    years: countIn(row.years) || 1,
    first: dayIn(row.valid_from),
    last: row.valid_to ? dayIn(row.valid_to) : null,
    reservation: textIn(row, "reservation"),
    article: row.article,
    ...askedIn(row, table),
  };
  need(row.id && row.set && row.reference && row.article && (found.last === null || found.last >= found.first));
  need(/_above(?:_years)?$/.test(measure.statistic) === (found.allowed !== null));
  need((measure.statistic === "consecutive_hours_above") === (found.consecutive !== null));
  return found;
}

function guidelineOf(row, captures, table) {
  const measure = measureOf(row, captures, table);
  need(measure.statistic.endsWith("_percentile") === Boolean(row.percentile));
  need(row.id && row.set && row.reference && row.article && (!row.percentile || VALUE.test(row.percentile)));
  const decimals = row.percentile.includes(".") ? row.percentile.split(".")[1].length : 0;
  return {
    law: false,
    id: row.id,
    set: row.set,
    kind: chosen(row.level, table.levels),
    measure,
    percentile: row.percentile ? [Number(row.percentile.replace(".", "")), 100 * 10 ** decimals] : null,
    first: dayIn(row.published),
    last: null,
    years: 1,
    consecutive: null,
    allowed: null,
    reservation: { nl: "", en: "" },
    article: row.article,
    ...askedIn(row, table),
  };
}

function assessmentOf(row, table) {
  const readings = row.reading ? row.reading.split("|") : [];
  const effect = chosen(row.effect, table.effects);
  need((effect === "readings") === readings.length > 1);
  need(row.sets && chosen(row.status, Object.keys(table.wording.statuses)));
  dayIn(row.valid_from);
  if (row.valid_to) dayIn(row.valid_to);
  return { id: row.id, effect, sets: row.sets.split("|"), quantity: row.quantity, readings, text: textIn(row, "text") };
}

// Returns the rule with this identifier, and the rules of assessment, from rows of tables (objects of text).
export function bookOf(rows, id, table) {
  const of = (name) => rows.get(name) ?? [];
  const captures = new Map(of("data_capture").map((row) => [row.id, captureOf(row, table)]));
  const limits = of("air_quality_limits").map((row) => limitOf(row, captures, table));
  const advice = of("air_quality_guidelines").map((row) => guidelineOf(row, captures, table));
  const assessment = of("assessment_rules").map((row) => assessmentOf(row, table));
  const rule = [...limits, ...advice].find((one) => one.id === id) ?? null;
  return { rule, assessment };
}
