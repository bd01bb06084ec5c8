// What a proof file holds, each part in the one form that it has: the same as core/proof/files.py reads. Nothing of it is
// checked yet.
import { MICRO } from "./count.js";
import { Refusal } from "./log.js";
import { fromBase64, fromUtf8, micros, parseJson, Unreadable, utf8 } from "./read.js";

const WHOLE_HOUR = 3600n;

export function parseFile(bytes, table) {
  try {
    if (bytes.length > table.max_file_bytes) throw new Unreadable("too large");
    const body = parseJson(fromUtf8(bytes));
    if (field(body, "format") !== table.format) throw new Unreadable("another format");
    const sources = list(field(body, "sources")).map(parseSource);
    const claim = parseClaim(field(body, "claim"), table);
    text(field(body, "made_by"));
    const found = { claim, vkey: text(field(body, "log")), sources };
    if (claim.kind !== "verdict") return found;
    const rules = list(field(body, "rules")).map(parseSource);
    const result = field(body, "result");
    return { ...found, rules, result: result === null ? null : parseSource(result) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Refusal("file", "proof-malformed", "This is not a proof file of a figure.", "", error.message);
  }
}

// What the fields of a verdict are read with, by the name that the table has of it.
const READERS = {
  text,
  whole,
  texts: (value) => list(value).map(text),
  count: (value) => (value === null ? null : whole(value)),
  number: (value) => {
    if (typeof value !== "bigint") throw new Unreadable("a whole number is expected");
    return value;
  },
  year: (value) => {
    if (whole(value) < 1900n || value > 2199n) throw new Unreadable("another year");
    return value;
  },
};

function parseVerdict(body, table) {
  const names = Object.keys(table.claimed);
  if (!(body instanceof Map) || body.size !== names.length) throw new Unreadable("a field less or more");
  for (const name of names) READERS[table.claimed[name]](field(body, name));
  return { kind: "verdict", fields: body };
}

function parseClaim(body, table) {
  if (text(field(body, "kind")) === "verdict") return parseVerdict(field(body, "verdict"), table);
  const claim = {
    kind: text(field(body, "kind")),
    series: text(field(body, "series")),
    start: micros(text(field(body, "start"))),
    end: micros(text(field(body, "end"))),
    step: whole(field(body, "step")),
    figure: text(field(body, "figure")),
    unit: text(field(body, "unit")),
    count: whole(field(body, "count")),
  };
  if (!["value", "mean", "average"].includes(claim.kind) || claim.end <= claim.start) throw new Unreadable("not a claim");
  if (claim.kind !== "average") return claim;
  const hour = WHOLE_HOUR * MICRO;
  if (claim.step !== WHOLE_HOUR || claim.start % hour || claim.end % hour) throw new Unreadable("no whole hours");
  return { ...claim, expected: whole(field(body, "expected")), percentile: partIn(field(body, "percentile")) };
}

function partIn(value) {
  if (value === null) return null;
  const found = list(value).map(whole);
  if (found.length !== 2 || found[0] <= 0n || found[0] > found[1] || found[1] > 1_000_000n) throw new Unreadable("not a percentile");
  return found;
}

function parseSource(body) {
  const parts = list(field(body, "blocks")).map((part) => ({
    index: whole(field(part, "index")),
    size: whole(field(part, "size")),
    path: list(field(part, "path")).map((one) => fromBase64(text(one))),
    text: utf8(text(field(part, "text"))),
  }));
  const proof = text(field(body, "proof"));
  utf8(proof);
  return { leaf: utf8(text(field(body, "leaf"))), proof, parts };
}

function field(body, name) {
  if (!(body instanceof Map) || !body.has(name)) throw new Unreadable(`${name} is missing`);
  return body.get(name);
}

function list(value) {
  if (!Array.isArray(value)) throw new Unreadable("a list is expected");
  return value;
}

function text(value) {
  if (typeof value !== "string") throw new Unreadable("a text is expected");
  return value;
}

function whole(value) {
  if (typeof value !== "bigint" || value < 0n) throw new Unreadable("a whole number is expected");
  return value;
}
