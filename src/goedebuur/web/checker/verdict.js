// The verdict of a proof: the rules as their leaves hold them, the conclusion from the rows, and what was published. The
// same as core/proof/judging.py.
import { judge } from "./judge.js";
import { leafHash, Refusal, treeRoot, wrong } from "./log.js";
import { canonical, fromUtf8, hex, parseJson, Unreadable } from "./read.js";
import { bookOf } from "./rule.js";

export async function addTable(tables, leaf, index, { lines, root }, table) {
  const place = `leaf ${index}`;
  const payload = leaf.get("payload") instanceof Map ? leaf.get("payload") : new Map();
  const name = String(payload.get("name") ?? "").replace(/\.csv$/, "");
  if (leaf.get("kind") !== "rules" || !Object.hasOwn(table.tables, name) || tables.rows.has(name)) {
    throw wrong("in-batch", "This is not the leaf of a rule table, or it is there twice.", place, name);
  }
  if (name === "assessment_rules" && hex(await treeRoot(await Promise.all(lines.map(leafHash)))) !== hex(root)) {
    throw wrong("in-batch", "Rows of this table were left out, and each can bear on the verdict.", place, name);
  }
  tables.rows.set(name, lines.map((line, at) => tableRow(name, at, line, place, table)));
  tables.digests.set(name, String(payload.get("sha256") ?? ""));
  tables.leaves.set(name, index);
}

function tableRow(name, at, line, place, table) {
  const cells = recordOf(line, place);
  const names = ["table", ...table.tables[name]];
  const whole = cells.size === names.length && names.every((one) => typeof cells.get(one) === "string");
  if (!whole || cells.get("table") !== name) {
    throw wrong("in-batch", "This is not a row of the table that the leaf names.", place, at);
  }
  return Object.fromEntries(cells);
}

function recordOf(line, place) {
  try {
    const text = fromUtf8(line);
    if (!text.endsWith("\n")) throw new Unreadable("no line break");
    const body = parseJson(text.slice(0, -1));
    if (!(body instanceof Map) || `${canonical(body)}\n` !== text) throw new Unreadable("not canonical");
    return body;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw wrong("in-batch", "A line of this batch cannot be read.", place, "");
  }
}

export function readBook(tables, id, table) {
  let book;
  try {
    book = bookOf(tables.rows, id, table);
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof Refusal)) throw error;
    throw wrong("figure", "A rule in this file cannot be read.", "rules", id);
  }
  if (!book.rule?.measure.capture || !tables.rows.has("assessment_rules")) {
    throw wrong("figure", "The rule of the claim is not in this file.", "rules", id);
  }
  return book;
}

// Returns the verdict that the rows and the rule give, which is the one that is claimed.
export function concluded(claim, rows, book, table) {
  const [series, year] = [claim.fields.get("series"), Number(claim.fields.get("year"))];
  const { measure } = book.rule;
  const place = `${series} ${year} ${book.rule.id}`;
  const parts = series.split(".");
  if (parts.length < 3 || parts.at(-2) !== measure.quantity) {
    throw wrong("figure", "The rule is about another quantity than the series.", place, measure.quantity);
  }
  let record;
  try {
    record = judge(book, rows, series, year, table);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw wrong("figure", "The rows of this year cannot be counted.", place, measure.clock);
  }
  for (const name of Object.keys(table.claimed)) {
    const [given, claimed] = [record[name], claim.fields.get(name)].map(canonical);
    if (given !== claimed) {
      throw wrong("figure", `The rows and the rule give ${name} ${given}, not what is claimed.`, place, claimed);
    }
  }
  return record;
}

export function published(claim, leaf, index, lines, digest, table) {
  const place = `leaf ${index}`;
  const inputs = leaf.get("inputs") instanceof Map ? leaf.get("inputs") : new Map();
  if (leaf.get("kind") !== "result" || inputs.get("result") !== "verdicts" || lines.length !== 2) {
    const message = "This is not a leaf of published verdicts, with its first line and that of the verdict.";
    throw wrong("figure", message, place, "");
  }
  const [header, line] = lines.map((one) => recordOf(one, place));
  const texts = header.get("texts");
  const at = line.get("said");
  const along = Array.isArray(texts) && typeof at === "bigint" && at >= 0n ? texts[Number(at)] : null;
  const names = Object.keys(table.claimed);
  const told = along instanceof Map ? new Map([...line, ...along]) : new Map();
  if (header.get("type") !== "header" || line.get("type") !== "verdict" || !names.every((name) => told.has(name))) {
    throw wrong("in-batch", "A line of this batch cannot be read.", place, "");
  }
  for (const name of names) {
    const [given, claimed] = [told.get(name), claim.fields.get(name)].map(canonical);
    if (given !== claimed) {
      throw wrong("figure", `The published verdict says ${name} ${given}, not what is claimed.`, place, claimed);
    }
  }
  if (inputs.get("rules_sha256") !== digest) {
    const message = "The published verdict was made with other rules than those in this file.";
    throw wrong("figure", message, place, digest);
  }
  return {
    index: String(index),
    received: leaf.get("received"),
    code: String(inputs.get("code") ?? ""),
    size: String(inputs.get("tree_size") ?? ""),
  };
}
