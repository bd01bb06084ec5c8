// The log's part of a proof: public key, signed note, checkpoint, and the way from a leaf to the root. The same steps as
// core/ledger/notes.py, proofs.py and tree.py take, after C2SP signed-note, tlog-checkpoint and tlog-proof, and RFC 9162.
import { fromBase64, hex, leafNumber, Unreadable, utf8 } from "./read.js";

const HEADING = "c2sp.org/tlog-proof@v1";
const ED25519 = 1;
const COSIGNATURE = 4;
const TIME_BYTES = 8;
const COSIGNED_BYTES = 72;
const MARK = "— ";
const MAX_SIGNATURES = 100;
const MAX_NOTE_BYTES = 1_000_000;
const MAX_HASHES = 63;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const NAME = /^[^\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]+$/u;
// RFC 8032, section 7.1, test 1: a browser that finds this signature good has what is needed
const KNOWN_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const KNOWN_SIGNATURE = "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==";

const UNPRINTABLE = /(?! )[\p{C}\p{Zl}\p{Zp}\p{Zs}]/gu;
const NAMED_ESCAPES = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

// What cannot be printed as its escape, in the words of Python: a file is quoted, never obeyed.
function printable(text) {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0);
    const [mark, width] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
    return NAMED_ESCAPES[character] ?? `\\${mark}${code.toString(16).padStart(width, "0")}`;
  });
}

// A step that does not hold: which one, and what Python says of it (code, message, place, value).
export class Refusal extends Error {
  constructor(step, code, message, place = "", value = "") {
    super(printable(message));
    const quoted = printable(value);
    const characters = Array.from(quoted);
    const shown = characters.length <= 80 ? quoted : `${characters.slice(0, 77).join("")}...`;
    Object.assign(this, { step, code, place: printable(place), value: shown });
  }
}

export function wrong(step, message, place, value) {
  return new Refusal(step, "proof-wrong", message, place, String(value));
}

// The browser lacks what a check needs; the file is neither good nor bad.
export class Unable extends Error {}

export async function requireCryptography() {
  if (!globalThis.crypto?.subtle) throw new Unable("no_subtle");
  const known = await verify(fromBase64(KNOWN_KEY), fromBase64(KNOWN_SIGNATURE), new Uint8Array());
  if (!known) throw new Unable("no_ed25519");
}

async function verify(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error.name === "DataError") return false;
    throw new Unable("no_ed25519");
  }
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

export async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => {
    whole.set(part, at);
    return at + part.length;
  }, 0);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

export function leafHash(bytes) {
  return sha256([0], bytes);
}

// Returns the root over the hashes of leaves (RFC 9162, 2.1.1).
export async function treeRoot(hashes) {
  if (hashes.length < 2) return hashes.length ? hashes[0] : sha256();
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return sha256([1], await treeRoot(hashes.slice(0, half)), await treeRoot(hashes.slice(half)));
}

// Returns whether the path shows that a hash is at this index of the tree with this root (RFC 9162, 2.1.3.2).
export async function included(hashed, index, size, path, root) {
  if (index >= size) return false;
  let [node, last, result] = [index, size - 1n, hashed];
  for (const sibling of path) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      result = await sha256([1], sibling, result);
      while (!(node & 1n) && node) [node, last] = [node >> 1n, last >> 1n];
    } else {
      result = await sha256([1], result, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && hex(result) === hex(root);
}

function keyId(name, key, kind = ED25519) {
  return sha256(utf8(`${name}\n`), [kind], key).then((hash) => hash.slice(0, 4));
}

// Returns the name and the key in a text, null where it is no key of this kind.
async function readKey(vkey, kind) {
  const [name, id, ...rest] = vkey.split("+");
  try {
    const key = fromBase64(rest.join("+"));
    const whole = key.length === 33 && key[0] === kind && NAME.test(name);
    if (whole && id === hex(await keyId(name, key.slice(1), kind))) return { vkey, name, id, key: key.slice(1) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return null;
}

async function decodeKey(vkey) {
  const found = await readKey(vkey, ED25519);
  if (found === null) throw malformed("This is not a public key of a log.", vkey);
  return found;
}

// The reader's list of witnesses cannot be used; the file is neither good nor bad.
export class BadList extends Error {}

// Returns whose cosignatures count, from a list of keys, one a line, and how many are asked for.
export async function policyOf(list, needed) {
  const lines = list.split(/\r\n|\r|\n/).filter((line) => !line.trimStart().startsWith("#"));
  const named = lines.map((line) => line.trim().split(/\s+/)[0]).filter(Boolean);
  const keys = await Promise.all(named.map((vkey) => readKey(vkey, COSIGNATURE)));
  const wrongOne = named.find((_, at) => keys[at] === null);
  if (wrongOne !== undefined) throw new BadList(wrongOne);
  const twice = keys.find((one, at) => keys.slice(0, at).some((other) => hex(other.key) === hex(one.key)));
  if (twice) throw new BadList(twice.vkey);
  if (needed > keys.length) throw new BadList(String(needed));
  return { witnesses: keys, needed };
}

// Returns those of the reader's witnesses that cosigned a checkpoint, and those that did not.
async function standingOfNote(note, policy, size) {
  const [cosigned, missing] = [[], []];
  for (const witness of policy.witnesses) {
    const lines = note.signatures.filter((line) => line.name === witness.name && line.key === witness.id);
    for (const line of lines) {
      const time = line.data.slice(0, TIME_BYTES).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
      if (line.data.length !== COSIGNED_BYTES || time >= 2n ** 63n) {
        throw new Refusal("witnessed", "note-malformed", "A line is not a cosignature.", "", line.line);
      }
      const message = utf8(`cosignature/v1\ntime ${time}\n${note.text}`);
      if (!(await verify(witness.key, line.data.slice(TIME_BYTES), message))) {
        const told = "The cosignature under this checkpoint is not valid.";
        throw new Refusal("witnessed", "note-unsigned", told, "", line.line);
      }
    }
    (lines.length ? cosigned : missing).push(witness.name);
  }
  if (cosigned.length < policy.needed) {
    const told = `${cosigned.length} witnesses cosigned this checkpoint; ${policy.needed} are asked for.`;
    const place = `the checkpoint of ${size} leaves`;
    throw new Refusal("witnessed", "proof-unwitnessed", told, place, missing.join(", "));
  }
  return { cosigned, missing };
}

// Returns the proof in a text: number of the leaf, path, and the checkpoint under which it holds.
export function parseProof(text) {
  let proof;
  try {
    if (utf8(text).length > 2 * MAX_NOTE_BYTES) throw new Unreadable("too large");
    const [head, between] = cut(text, "\n\n");
    if (!between) throw new Unreadable("no checkpoint");
    const lines = head.split("\n");
    if (lines.shift() !== HEADING) throw new Unreadable("another heading");
    if (lines[0]?.startsWith("extra ")) fromBase64(lines.shift().slice(6));
    const [named, , number] = cut(lines.shift() ?? "", " ");
    const path = lines.map(fromBase64);
    if (named !== "index" || path.length > MAX_HASHES || path.some((one) => one.length !== 32)) {
      throw new Unreadable("no index, or lines that are no hashes");
    }
    proof = { index: leafNumber(number), path };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Refusal("signed", "proof-malformed", "This is not a proof from a log.");
  }
  return { ...proof, note: parseNote(cut(text, "\n\n")[2]) };
}

// As Python's str.partition.
function cut(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, "", ""] : [text.slice(0, at), mark, text.slice(at + mark.length)];
}

function malformed(message, value = "") {
  return new Refusal("signed", "note-malformed", message, "", value);
}

function parseNote(whole) {
  const size = utf8(whole).length;
  if (size > MAX_NOTE_BYTES) throw malformed("The note is larger than a note may be.", `${size} bytes`);
  const gap = whole.lastIndexOf("\n\n");
  if (CONTROL.test(whole) || gap < 0 || !whole.slice(gap + 2).endsWith("\n")) {
    throw malformed("The note is not a text with signatures under it.", whole);
  }
  const lines = whole.slice(gap + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw malformed("The note has more signatures than a note may have.");
  return { text: `${whole.slice(0, gap)}\n`, signatures: lines.map(parseSignature) };
}

function parseSignature(line) {
  const parts = line.slice(MARK.length).split(" ");
  try {
    if (line.startsWith(MARK) && parts.length === 2 && NAME.test(parts[0])) {
      const bytes = fromBase64(parts[1]);
      if (bytes.length > 4) return { name: parts[0], key: hex(bytes.slice(0, 4)), data: bytes.slice(4), line };
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  throw malformed("A signature line is not in the form that it has.", line);
}

async function openNote(parsed, log) {
  const id = hex(await keyId(log.name, log.key));
  const lines = parsed.signatures.filter((line) => line.name === log.name && line.key === id);
  for (const line of lines) {
    if (!(await verify(log.key, line.data, utf8(parsed.text)))) {
      throw new Refusal("signed", "note-unsigned", "The signature under this text is not valid.", "", line.line);
    }
  }
  if (lines.length) return parsed.text;
  const message = `The text is not signed by ${log.name}.`;
  throw new Refusal("signed", "note-unsigned", message, "", parsed.signatures[0].line);
}

function parseCheckpoint(text) {
  const lines = text.split("\n");
  try {
    if (lines.length === 4 && lines.slice(0, 3).every(Boolean)) {
      const root = fromBase64(lines[2]);
      const size = leafNumber(lines[1]);
      if (root.length === 32) return { origin: lines[0], size, root };
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  throw malformed("This is not a checkpoint.", text);
}

// Returns the checkpoint under which the bytes of a leaf are in the log that has this key, and who cosigned it.
export async function proveLeaf(proof, leaf, vkey, policy) {
  const log = await decodeKey(vkey);
  const checkpoint = parseCheckpoint(await openNote(proof.note, log));
  if (checkpoint.origin !== log.name) {
    const message = "The checkpoint is that of another log.";
    throw new Refusal("signed", "proof-wrong", message, "checkpoint", checkpoint.origin);
  }
  const hashed = await leafHash(leaf);
  if (!(await included(hashed, proof.index, checkpoint.size, proof.path, checkpoint.root))) {
    const message = "This leaf is not at this place in the log that the checkpoint signs.";
    throw new Refusal("in-log", "proof-wrong", message, `leaf ${proof.index} of ${checkpoint.size}`, hex(hashed));
  }
  const standing = await standingOfNote(proof.note, policy, checkpoint.size);
  const others = proof.note.signatures.filter((line) => line.name !== log.name).length;
  return { ...checkpoint, ...standing, others };
}
