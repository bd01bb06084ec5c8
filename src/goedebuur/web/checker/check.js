// Checking the proof file of a figure: the same steps, in the same order, with the same refusals as
// core/proof/checking.py. A test holds the two together on files that were changed in every way.
import { included, leafHash, parseProof, proveLeaf, Refusal, requireCryptography } from "./log.js";
import { canonical, fromBase64, fromHex, fromUtf8, hex, micros, parseJson, said, Unreadable, utf8 } from "./read.js";

const MICRO = 1_000_000n;
const DECIMALS = 6n;
const ROW_NUMBER = /^(?:0|-?[1-9][0-9]{0,18})$/;
const ESCAPED = { "\\": "\\", t: "\t", n: "\n", r: "\r" };

function wrong(step, message, place, value) {
  return new Refusal(step, "proof-wrong", message, place, String(value));
}

// Returns the claim, what is proven, what is not, and the rows that it rests on.
//
// `known` is the log's key as the reader knows it from elsewhere, null without; `table` holds the constants of the
// program: quantities with their ratios, flags, the names of a leaf's fields.
export async function check(bytes, known, table) {
  const proof = parseFile(bytes, table);
  await requireCryptography();
  if (known !== null && proof.vkey !== known) {
    throw wrong("key", "The file was made for another log than the one whose key was given.", "log", proof.vkey);
  }
  if (!proof.sources.length) throw wrong("file", "The file names no delivery.", "sources", "");
  const state = { proven: [], rows: new Map(), blocks: [], checkpoints: new Map(), simulated: false, last: -1n };
  for (const [at, source] of proof.sources.entries()) await addSource(state, source, at, proof, table);
  if (state.checkpoints.size !== 1) {
    const size = state.checkpoints.size;
    throw wrong("signed", "The deliveries are proven under different checkpoints.", "sources", size);
  }
  const [checkpoint] = state.checkpoints.values();
  const root = hex(checkpoint.root);
  const signed = finding("signed", { origin: checkpoint.origin, size: String(checkpoint.size), root });
  const given = known === null ? [] : [finding("key-known", { key: proof.vkey })];
  const shown = figure(proof.claim, state.rows, table);
  return {
    claim: proof.claim,
    checkpoint,
    proven: [signed, ...given, ...state.proven, shown],
    unproven: unproven(proof, known, state.simulated),
    rows: state.rows,
    blocks: state.blocks,
  };
}

function finding(code, values = {}) {
  return { code, values };
}

function unproven(proof, known, simulated) {
  return [
    ...(simulated ? [finding("simulated")] : []),
    ...(known === null ? [finding("key-unknown", { key: proof.vkey })] : []),
    ...["not-witnessed", "instrument", "later", "others"].map((code) => finding(code)),
  ];
}

async function addSource(state, source, at, proof, table) {
  const shown = parseProof(source.proof);
  const checkpoint = await proveLeaf(shown, source.leaf, proof.vkey);
  if (shown.index <= state.last) {
    throw wrong("in-log", "The deliveries are not in the order of the log.", `sources[${at}]`, shown.index);
  }
  state.last = shown.index;
  state.checkpoints.set(hex(checkpoint.root), checkpoint);
  const leaf = decodeLeaf(source.leaf, table);
  if (leaf === null) throw wrong("in-log", "The delivery is closed: it shows no rows.", `leaf ${shown.index}`, "");
  state.simulated ||= leaf.get("submitter") === table.simulator;
  state.proven.push(inLog(leaf, shown.index));
  await addRows(state, source, leaf, shown.index, proof.claim);
  state.proven.push(finding("in-batch", { index: String(shown.index), count: String(source.parts.length) }));
}

function inLog(leaf, index) {
  const payload = leaf.get("payload") instanceof Map ? leaf.get("payload") : new Map();
  return finding("in-log", {
    index: String(index),
    submitter: leaf.get("submitter"),
    received: leaf.get("received"),
    name: String(payload.get("name") ?? ""),
    sha256: String(payload.get("sha256") ?? ""),
    reason: leaf.get("reason"),
  });
}

// Returns the fields of an open leaf, null for a closed one.
function decodeLeaf(bytes, table) {
  const text = fromUtf8(bytes);
  const refused = (message, value) => new Refusal("in-log", "leaf-unreadable", message, "", value);
  let body;
  try {
    body = parseJson(text);
    if (!(body instanceof Map) || canonical(body) !== text) throw new Unreadable("not in canonical form");
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw refused("The leaf is not canonical JSON.", text);
  }
  const version = body.get("format_version") ?? null;
  if (version !== BigInt(table.format_version)) {
    throw refused("The leaf has a format version that this program does not know.", String(version));
  }
  body.delete("format_version");
  const closed = body.get("kind") === "closed";
  const names = closed ? table.closed_fields : table.leaf_fields;
  if (body.size !== names.length || names.some((name) => !body.has(name))) {
    throw refused("The leaf lacks a field or has one too many.", "");
  }
  if (closed) return null;
  if (!table.kinds.includes(body.get("kind"))) throw refused("This kind of leaf is not known.", body.get("kind"));
  return body;
}

async function addRows(state, source, leaf, index, claim) {
  let root;
  try {
    const batch = leaf.get("batch");
    if (!(batch instanceof Map) || typeof batch.get("blocks") !== "string") throw new Unreadable("no blocks");
    root = fromHex(batch.get("blocks"));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw wrong("in-batch", "The delivery was logged without blocks of rows.", `leaf ${index}`, "");
  }
  if (!source.parts.length) {
    throw wrong("in-batch", "The file shows no rows of this delivery.", `leaf ${index}`, "");
  }
  for (const part of source.parts) {
    const place = `leaf ${index}, block ${part.index} of ${part.size}`;
    const hashed = await leafHash(part.text);
    if (!(await included(hashed, part.index, part.size, part.path, root))) {
      throw wrong("in-batch", "These rows are not in the batch that the delivery names.", place, hex(hashed));
    }
    const block = parseBlock(part.text);
    if (block.series !== claim.series) {
      throw wrong("in-batch", "These rows are of another series.", place, block.series);
    }
    const shown = { leaf: index, month: block.month, rows: block.rows };
    state.blocks.push(shown);
    for (const row of block.rows) state.rows.set(`${row.start}/${row.step}`, row);
  }
}

function parseBlock(bytes) {
  const lines = fromUtf8(bytes).split("\n");
  try {
    const [heading, series, month] = lines;
    if (lines.length < 5 || heading !== "goedebuur block 1" || lines.pop()) throw new Unreadable("not a block");
    return { series, month, rows: lines.slice(3).map(parseRow) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Refusal("in-batch", "leaf-block-unreadable", "This is not a block of rows.", "", error.message);
  }
}

function parseRow(line) {
  const cells = line.split("\t");
  if (cells.length !== 7) throw new Unreadable("a row has 7 cells");
  const [start, step, value, decimals, unit, flags, remark] = cells;
  const row = {
    start: rowNumber(start),
    step: rowNumber(step),
    value: value ? rowNumber(value) : null,
    decimals: rowNumber(decimals),
    unit,
    flags: rowNumber(flags),
    remark: plainRemark(remark),
  };
  if (row.decimals < 0n || row.decimals > 18n) throw new Unreadable("a row has 0 to 18 decimals");
  return row;
}

function rowNumber(text) {
  if (!ROW_NUMBER.test(text)) throw new Unreadable("a whole number is expected");
  return BigInt(text);
}

function plainRemark(text) {
  if (!text) return null;
  if (text[0] !== "=") throw new Unreadable("a remark begins with =");
  if (!/^(?:[^\\]|\\[\\tnr])*$/.test(text)) throw new Unreadable("an escape that is not known");
  return text.slice(1).replace(/\\(.)/g, (_, mark) => ESCAPED[mark]);
}

function figure(claim, rows, table) {
  const shown = claim.kind === "mean" ? mean(claim, rows, table) : single(claim, rows);
  if (shown.figure !== claim.figure || shown.unit !== claim.unit || shown.count !== claim.count) {
    throw wrong(
      "figure",
      `The rows give ${shown.figure} ${shown.unit} of ${shown.count}, not what is claimed.`,
      `${claim.series} from ${said(claim.start)}`,
      `${claim.figure} ${claim.unit} of ${claim.count}`,
    );
  }
  return finding("figure", { figure: shown.figure, unit: shown.unit, count: String(shown.count) });
}

function single(claim, rows) {
  const row = rows.get(`${claim.start}/${claim.step}`);
  if (!row) throw wrong("figure", "No row of this time is in the deliveries.", claim.series, said(claim.start));
  if (claim.end - claim.start !== claim.step * MICRO) {
    throw wrong("figure", "The claim does not end one step after it starts.", claim.series, said(claim.end));
  }
  return { figure: asText(row.value, row.decimals), unit: row.unit, count: 1n };
}

// Returns whether a row counts in the mean of a claim.
export function counts(row, claim, table) {
  const inside = row.step === claim.step && claim.start <= row.start && row.start < claim.end;
  return inside && row.value !== null && !(row.flags & BigInt(table.unusable));
}

function mean(claim, rows, table) {
  const parts = claim.series.split(".");
  const name = parts.length > 2 ? parts[1] : "";
  let [total, denominator, count] = [0n, 1n, 0n];
  for (const row of rows.values()) {
    if (!counts(row, claim, table)) continue;
    const [up, down] = ratio(name, row.unit, table);
    const [value, share] = [row.value * up * MICRO, down * 10n ** row.decimals];
    // one denominator for rows that are written alike: it does not grow with their number
    if (denominator % share !== 0n) [total, denominator] = [total * share, denominator * share];
    total += value * (denominator / share);
    count += 1n;
  }
  if (!count || total % denominator !== 0n) {
    throw wrong("figure", "The rows of this period give no mean.", claim.series, `${count} values`);
  }
  const sum = total / denominator;
  const magnitude = (2n * (sum < 0n ? -sum : sum) + count) / (2n * count);
  const rounded = sum < 0n ? -magnitude : magnitude;
  return { figure: asText(rounded, DECIMALS), unit: table.quantities[name].unit, count };
}

function ratio(name, unit, table) {
  if (!Object.hasOwn(table.quantities, name)) {
    throw new Refusal("figure", "input-quantity", "This quantity is not in the table of quantities.", "", name);
  }
  const { ratios } = table.quantities[name];
  if (!Object.hasOwn(ratios, unit)) {
    throw new Refusal("figure", "input-unit", `The unit is not known for ${name}.`, "", unit);
  }
  return ratios[unit].map(BigInt);
}

// Returns a whole number with its number of decimals as people write it, with a decimal point; empty for none.
export function asText(value, decimals) {
  if (value === null) return "";
  const places = Number(decimals);
  const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
  const sign = value < 0n ? "-" : "";
  return places ? `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}` : `${sign}${digits}`;
}

function parseFile(bytes, table) {
  try {
    if (bytes.length > table.max_file_bytes) throw new Unreadable("too large");
    const body = parseJson(fromUtf8(bytes));
    if (field(body, "format") !== table.format) throw new Unreadable("another format");
    const sources = list(field(body, "sources")).map(parseSource);
    const claim = parseClaim(field(body, "claim"));
    text(field(body, "made_by"));
    return { claim, vkey: text(field(body, "log")), sources };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Refusal("file", "proof-malformed", "This is not a proof file of a figure.", "", error.message);
  }
}

function parseClaim(body) {
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
  if (!["value", "mean"].includes(claim.kind) || claim.end <= claim.start) throw new Unreadable("not a claim");
  return claim;
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
