// The parts that a proof file is written in, each with one accepted form: UTF-8, JSON with exact whole numbers, base64,
// moments. What is written otherwise throws: a file that two readers could understand differently proves nothing.
const WHOLE = /^(?:0|[1-9][0-9]{0,18})$/;
const LARGEST = 2n ** 63n - 1n;
const NUMBER = /(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|NaN|-?Infinity/y;
const SPACE = /[ \t\n\r]*/y;
const WORD = /true|false|null/y;
const WORDS = { true: true, false: false, null: null };
const DIGITS = 4300;
const DEPTH = 900;
const MOMENT = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{6}))?Z$/;
const SURROGATE = /\p{Surrogate}/u;

// A number with a point or an exponent: it has no single decimal form, and stands nowhere in a proof.
export class Inexact {}

export class Unreadable extends Error {}

export function utf8(text) {
  if (SURROGATE.test(text)) throw new Unreadable("half a character");
  return new TextEncoder().encode(text);
}

export function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unreadable("not UTF-8 text");
  }
}

export function hex(bytes) {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text) {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new Unreadable("not hexadecimal");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function base64(bytes) {
  return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
}

export function fromBase64(text) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    throw new Unreadable("not base64");
  }
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  if (base64(bytes) !== text) throw new Unreadable("not the one form of these bytes");
  return bytes;
}

// Returns a number of leaves, in ASCII digits without leading zeros.
export function leafNumber(text) {
  if (!WHOLE.test(text) || BigInt(text) > LARGEST) throw new Unreadable("not a number of leaves");
  return BigInt(text);
}

// Returns microseconds since 1970 UTC.
export function micros(text) {
  const parts = MOMENT.exec(text);
  if (!parts) throw new Unreadable("not a moment");
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  moment.setUTCHours(hour, minute, second);
  const found = BigInt(moment.getTime()) * 1000n + BigInt(parts[7] ?? 0);
  if (year < 1 || said(found) !== text) throw new Unreadable("not a moment");
  return found;
}

// Returns microseconds since 1970 UTC as ISO text.
export function said(moment) {
  const rest = ((moment % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const whole = new Date(Number((moment - rest) / 1000n)).toISOString().slice(0, 19);
  return rest ? `${whole}.${String(rest).padStart(6, "0")}Z` : `${whole}Z`;
}

// Returns the value of a JSON text: whole numbers as BigInt, objects as Map, other numbers as Inexact.
export function parseJson(text) {
  const reader = { text, at: 0, depth: 0 };
  const found = readValue(reader);
  skip(reader);
  if (reader.at !== text.length) throw new Unreadable("more after the end");
  return found;
}

function skip(reader) {
  SPACE.lastIndex = reader.at;
  SPACE.exec(reader.text);
  reader.at = SPACE.lastIndex;
}

function next(reader, character) {
  skip(reader);
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

function expect(reader, character) {
  if (!next(reader, character)) throw new Unreadable(`${character} is expected at ${reader.at}`);
}

function match(reader, pattern) {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found) reader.at = pattern.lastIndex;
  return found;
}

function readValue(reader) {
  if (next(reader, "{")) return nested(reader, readMembers);
  if (next(reader, "[")) return nested(reader, readItems);
  if (reader.text[reader.at] === '"') return readText(reader);
  const word = match(reader, WORD);
  if (word) return WORDS[word[0]];
  const number = match(reader, NUMBER);
  if (!number) throw new Unreadable(`a value is expected at ${reader.at}`);
  if (number[1] === undefined || number[2]) return new Inexact();
  if (number[1].length > DIGITS) throw new Unreadable("a number without end");
  return BigInt(number[1]);
}

function nested(reader, read) {
  reader.depth += 1;
  if (reader.depth > DEPTH) throw new Unreadable("too deep");
  const found = read(reader);
  reader.depth -= 1;
  return found;
}

function readMembers(reader) {
  const found = new Map();
  if (next(reader, "}")) return found;
  do {
    skip(reader);
    const name = readText(reader);
    expect(reader, ":");
    found.set(name, readValue(reader));
  } while (next(reader, ","));
  expect(reader, "}");
  return found;
}

function readItems(reader) {
  const found = [];
  if (next(reader, "]")) return found;
  do {
    found.push(readValue(reader));
  } while (next(reader, ","));
  expect(reader, "]");
  return found;
}

function readText(reader) {
  const { text, at } = reader;
  if (text[at] !== '"') throw new Unreadable(`a text is expected at ${at}`);
  let end = at;
  let escaped;
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) throw new Unreadable("a text without end");
    escaped = false;
    for (let before = end - 1; text[before] === "\\"; before -= 1) escaped = !escaped;
  } while (escaped);
  reader.at = end + 1;
  try {
    return JSON.parse(text.slice(at, end + 1));
  } catch {
    throw new Unreadable("a text with characters that it cannot have");
  }
}

// Returns the one JSON text of a value: keys by code point, no white space, whole numbers only.
export function canonical(value) {
  if (value instanceof Inexact) throw new Unreadable("a number that is not whole");
  if (value instanceof Map) {
    const names = [...value.keys()].sort(byCodePoint);
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value.get(name))}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function byCodePoint(a, b) {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((one, index) => one !== right[index]);
  if (at < 0) return left.length - right.length;
  return at < right.length ? left[at].codePointAt(0) - right[at].codePointAt(0) : 1;
}
