// Checking the proof file of a figure: the same steps, in the same order, with the same refusals as
// core/proof/checking.py. A test holds the two together on files that were changed in every way.
import { halfAway, hoursOf, MICRO, rankedOf, ratio, total, valuesOf } from "./count.js";
import { parseFile } from "./file.js";
import { asText, outcomeWords } from "./judge.js";
import { included, leafHash, parseProof, proveLeaf, Refusal, requireCryptography, sha256, wrong } from "./log.js";
import { canonical, fromHex, fromUtf8, hex, parseJson, said, Unreadable, utf8 } from "./read.js";
import { addTable, concluded, published, readBook } from "./verdict.js";

const DECIMALS = 6n;
const ROW_NUMBER = /^(?:0|-?[1-9][0-9]{0,18})$/;
const ESCAPED = { "\\": "\\", t: "\t", n: "\n", r: "\r" };

// Returns the claim, what is proven, what is not, and the rows that it rests on.
//
// `known` is the log's key as the reader knows it from elsewhere, null without; `policy` has the reader's witnesses and how
// many of them are asked for; `table` holds the constants of the program: quantities, flags, names of fields, sentences.
export async function check(bytes, known, policy, table) {
  const proof = parseFile(bytes, table);
  await requireCryptography();
  if (known !== null && proof.vkey !== known) {
    throw wrong("key", "The file was made for another log than the one whose key was given.", "log", proof.vkey);
  }
  if (!proof.sources.length) throw wrong("file", "The file names no delivery.", "sources", "");
  const state = {
    proven: [], rows: new Map(), blocks: [], checkpoints: new Map(), simulated: false, usable: true, last: -1n,
    law: null, policy, standing: null,
  };
  for (const [at, source] of proof.sources.entries()) await addSource(state, source, at, proof, table);
  const verdict = proof.claim.kind === "verdict";
  const told = verdict ? await addVerdict(state, proof, table) : [];
  if (state.checkpoints.size !== 1) {
    const size = state.checkpoints.size;
    throw wrong("signed", "The deliveries are proven under different checkpoints.", "sources", size);
  }
  const [checkpoint] = state.checkpoints.values();
  const root = hex(checkpoint.root);
  const signed = finding("signed", { origin: checkpoint.origin, size: String(checkpoint.size), root });
  const given = known === null ? [] : [finding("key-known", { key: proof.vkey })];
  const { cosigned } = state.standing;
  const seen = cosigned.length ? [finding("witnessed", { names: cosigned.join(", ") })] : [];
  const shown = verdict ? told : [figure(proof.claim, state.rows, table)];
  if (proof.claim.kind === "value") {
    const row = state.rows.get(`${proof.claim.start}/${proof.claim.step}`);
    state.usable = !(row.flags & BigInt(table.unusable));
  }
  return {
    claim: proof.claim,
    checkpoint,
    proven: [signed, ...given, ...seen, ...state.proven, ...shown],
    unproven: unproven(proof, known, state),
    rows: state.rows,
    blocks: state.blocks,
  };
}

function finding(code, values = {}) {
  return { code, values };
}

function unproven(proof, known, state) {
  return [
    ...(state.simulated ? [finding("simulated")] : []),
    ...(state.usable ? [] : [finding("not-usable")]),
    ...(known === null ? [finding("key-unknown", { key: proof.vkey })] : []),
    ...unseen(state),
    ...(state.law ? [state.law] : []),
    ...(state.law && proof.result === null ? [finding("not-published")] : []),
    ...(state.law ? [finding("newer-rules")] : []),
    ...["reading", "instrument", "later", "others"].map((code) => finding(code)),
  ];
}

// Returns what is not known of who else saw the checkpoint.
function unseen({ policy, standing }) {
  const names = standing.missing.join(", ");
  if (!policy.witnesses.length) return [finding("no-witnesses", { count: String(standing.others) })];
  if (!standing.cosigned.length) return [finding("not-witnessed", { names })];
  return names ? [finding("witness-missing", { names })] : [];
}

// Returns the fields of a leaf and its number, after it was found in the log.
async function addLeaf(state, source, place, proof, table) {
  const shown = parseProof(source.proof);
  const checkpoint = await proveLeaf(shown, source.leaf, proof.vkey, state.policy);
  if (shown.index <= state.last) {
    throw wrong("in-log", "The deliveries are not in the order of the log.", place, shown.index);
  }
  state.last = shown.index;
  state.checkpoints.set(hex(checkpoint.root), checkpoint);
  state.standing ??= checkpoint;
  const leaf = decodeLeaf(source.leaf, table);
  if (leaf === null) throw wrong("in-log", "The delivery is closed: it shows no rows.", `leaf ${shown.index}`, "");
  state.simulated ||= leaf.get("submitter") === table.simulator;
  // a result has no file; where a verdict is published is said with it
  if (leaf.get("kind") !== "result") state.proven.push(inLog(leaf, shown.index));
  return [leaf, shown.index];
}

async function addSource(state, source, at, proof, table) {
  const [leaf, index] = await addLeaf(state, source, `sources[${at}]`, proof, table);
  await addRows(state, source, leaf, index, seriesOf(proof.claim), table);
  state.proven.push(finding("in-batch", { index: String(index), count: String(source.parts.length) }));
}

function seriesOf(claim) {
  return claim.kind === "verdict" ? claim.fields.get("series") : claim.series;
}

// Returns what is shown of a verdict: its rule, where it was published, and that it follows from rows and rule.
async function addVerdict(state, proof, table) {
  const { claim } = proof;
  const id = claim.fields.get("limit_id");
  const tables = { rows: new Map(), digests: new Map(), leaves: new Map() };
  state.last = -1n;
  for (const [at, source] of proof.rules.entries()) {
    const [leaf, index] = await addLeaf(state, source, `rules[${at}]`, proof, table);
    await addTable(tables, leaf, index, await addLines(source, leaf, index), table);
  }
  const book = readBook(tables, id, table);
  const lines = [...tables.digests.keys()].sort().map((name) => `${name} ${tables.digests.get(name)}\n`);
  const digest = hex(await sha256(utf8(lines.join(""))));
  const told = [];
  if (proof.result !== null) {
    state.last = -1n;
    const [leaf, index] = await addLeaf(state, proof.result, "result", proof, table);
    const found = await addLines(proof.result, leaf, index);
    told.push(finding("published", published(claim, leaf, index, found.lines, digest, table)));
  }
  const record = concluded(claim, state.rows, book, table);
  const { rule } = book;
  const names = { rule: rule.id, limit: rule.measure.value, unit: rule.measure.unit, article: rule.article };
  const [statusNl, statusEn] = table.wording.statuses[rule.status];
  state.law = finding("law", { ...names, status_nl: statusNl, status_en: statusEn });
  const [outcomeNl, outcomeEn] = outcomeWords(rule, record, table);
  const index = String(tables.leaves.get(rule.law ? "air_quality_limits" : "air_quality_guidelines"));
  const words = { outcome_nl: outcomeNl, outcome_en: outcomeEn, reason_nl: record.reason, reason_en: record.reason_en };
  return [finding("rule", { ...names, index }), ...told, finding("verdict", words)];
}

// Returns the lines of records in the batch of a leaf, each after it was found there, and the root of that batch.
async function addLines(source, leaf, index) {
  const root = rootOf(leaf, index);
  for (const part of source.parts) await proveBlock(part, root, index);
  return { lines: source.parts.map((part) => part.text), root };
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

function rootOf(leaf, index) {
  try {
    const batch = leaf.get("batch");
    if (!(batch instanceof Map) || typeof batch.get("blocks") !== "string") throw new Unreadable("no blocks");
    return fromHex(batch.get("blocks"));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw wrong("in-batch", "The delivery was logged without blocks of rows.", `leaf ${index}`, "");
  }
}

// Returns the place of a block, after it was found in the batch of its leaf.
async function proveBlock(part, root, index) {
  const place = `leaf ${index}, block ${part.index} of ${part.size}`;
  const hashed = await leafHash(part.text);
  if (!(await included(hashed, part.index, part.size, part.path, root))) {
    throw wrong("in-batch", "These rows are not in the batch that the delivery names.", place, hex(hashed));
  }
  return place;
}

async function addRows(state, source, leaf, index, series, table) {
  const root = rootOf(leaf, index);
  if (!source.parts.length) throw wrong("in-batch", "The file shows no rows of this delivery.", `leaf ${index}`, "");
  for (const part of source.parts) {
    const place = await proveBlock(part, root, index);
    const block = parseBlock(part.text);
    if (block.series !== series) {
      throw wrong("in-batch", "These rows are of another series.", place, block.series);
    }
    const shown = { leaf: index, month: block.month, rows: block.rows };
    state.blocks.push(shown);
    for (const row of block.rows) {
      state.rows.set(`${row.start}/${row.step}`, row);
      state.simulated ||= Boolean(row.flags & BigInt(table.simulated_flag));
    }
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
  const computed = { mean, average, value: single };
  const shown = computed[claim.kind](claim, rows, table);
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

// Returns the mean of the hours in the period, or a percentile of them, and how many hours there are.
function average(claim, rows, table) {
  const name = quantityOf(claim);
  const expected = (claim.end - claim.start) / (claim.step * MICRO);
  if (claim.expected !== expected) {
    throw wrong("figure", `The period has ${expected} hours, not what is claimed.`, claim.series, claim.expected);
  }
  let hours = [];
  try {
    hours = hoursOf(valuesOf(rows, name, claim.start, claim.end, table), [0, 1]);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  if (!hours.length) throw wrong("figure", "The rows of this period give no mean.", claim.series, "0 values");
  const micros = hours.map((hour) => hour.micro);
  const share = claim.percentile?.map(Number);
  const found = share ? rankedOf(micros, share) : halfAway(total(hours), BigInt(hours.length));
  return { figure: asText(found, DECIMALS), unit: table.quantities[name].unit, count: BigInt(hours.length) };
}

function quantityOf(claim) {
  const parts = claim.series.split(".");
  return parts.length > 2 ? parts[1] : "";
}

function mean(claim, rows, table) {
  const name = quantityOf(claim);
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
  return { figure: asText(halfAway(total / denominator, count), DECIMALS), unit: table.quantities[name].unit, count };
}
