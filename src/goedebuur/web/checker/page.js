// What a reader sees: takes the file, has it checked, and writes the outcome in the language of the page.
import { asText, check, counts } from "./check.js";
import { Refusal, Unable } from "./log.js";
import { said } from "./read.js";

const TABLE = JSON.parse(document.getElementById("table").textContent);
const ZONE = "Europe/Amsterdam";
const part = (id) => document.getElementById(id);
const shown = { language: location.hash === "#en" ? "en" : "nl", file: null, outcome: null, asked: 0 };

function pick(pair) {
  return pair[shown.language === "nl" ? 0 : 1];
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function say(name, values = {}) {
  return fill(pick(TABLE.texts[name]), values);
}

function make(tag, content, attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...[content].flat().filter((one) => one !== ""));
  return element;
}

function decimal(text) {
  return shown.language === "nl" ? text.replace(".", ",") : text;
}

function sentence(finding) {
  const values = { ...finding.values };
  if ("figure" in values) values.figure = decimal(values.figure);
  return fill(pick({ ...TABLE.proven, ...TABLE.unproven }[finding.code]), values);
}

// Returns a moment [µs since 1970 UTC] on clocks in the Netherlands, with CET or CEST.
function civil(moment, month = "long") {
  const milliseconds = Number(moment / 1000n);
  const locale = shown.language === "nl" ? "nl-NL" : "en-GB";
  const day = { day: "numeric", month, year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const zoned = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", timeZoneName: "longOffset" });
  const offset = zoned.formatToParts(milliseconds).find(({ type }) => type === "timeZoneName").value;
  const words = new Intl.DateTimeFormat(locale, { ...day, timeZone: ZONE }).format(milliseconds);
  return `${words} ${offset.includes("2") ? "CEST" : "CET"}`;
}

function both(moment) {
  return [`${civil(moment)} (${say("civil")})`, make("br", ""), `${said(moment)} (UTC)`];
}

function definitions(pairs) {
  return make("dl", pairs.flatMap(([name, content]) => [make("dt", name), make("dd", content)]));
}

function drawFigure(report) {
  const { claim, checkpoint } = report;
  const quantity = TABLE.quantities[claim.series.split(".")[1]];
  const kind = say(claim.kind);
  return [
    make("h2", say("figure")),
    make("p", [
      claim.figure ? decimal(claim.figure) : say("withdrawn"),
      " ",
      make("small", claim.figure ? claim.unit : ""),
    ], { class: "big", id: "figure" }),
    definitions([
      [say("what"), quantity ? `${pick(quantity.names)}, ${kind}` : kind],
      [say("series"), claim.series],
      [say("from"), both(claim.start)],
      [say("until"), both(claim.end)],
      [say("used"), String(claim.count)],
      [say("log"), say("log_state", checkpoint)],
    ]),
  ];
}

function drawFindings(name, findings) {
  const items = findings.map((one) => make("li", sentence(one), { "data-code": one.code }));
  return [make("h2", say(name)), make("ul", items, { class: `findings ${name}` })];
}

function table(caption, head, rows, foot = []) {
  const heads = head.map(([name, kind]) => make("th", say(name), { scope: "col", class: kind }));
  const box = make("table", [
    make("caption", caption),
    make("thead", make("tr", heads)),
    make("tbody", rows),
    ...foot,
  ]);
  return make("div", box, { class: "rows", tabindex: "0", role: "region", "aria-label": caption });
}

function drawBlock(block, claim) {
  const rows = block.rows.map((row) => {
    const marked = row.start === claim.start && row.step === claim.step;
    const value = row.value === null ? say("withdrawn") : decimal(asText(row.value, row.decimals));
    const remarks = [marked ? say("this_row") : "", row.remark ?? "", left(row) ? say("left_out") : ""];
    const cells = [
      make("th", civil(row.start, "short"), { scope: "row" }),
      make("td", value, { class: "number" }),
      make("td", row.unit),
      make("td", remarks.filter(Boolean).join("; ")),
    ];
    return make("tr", cells, marked ? { class: "mark" } : {});
  });
  const head = [["start", ""], ["row_value", "number"], ["unit", ""], ["remark", ""]];
  return table(say("caption", block), head, rows);
}

function left(row) {
  return row.value !== null && row.flags & BigInt(TABLE.unusable);
}

function drawMonths(report) {
  const standing = new Set(report.rows.values());
  const used = (block) => block.rows.filter((row) => standing.has(row) && counts(row, report.claim, TABLE)).length;
  const numbers = (names) => names.map((one) => make("td", String(one), { class: "number" }));
  const rows = report.blocks.map((block) => {
    const cells = [make("th", block.month, { scope: "row" }), ...numbers([block.leaf, block.rows.length, used(block)])];
    return make("tr", cells);
  });
  const sum = (of) => report.blocks.reduce((total, block) => total + of(block), 0);
  const totals = [make("td", ""), ...numbers([sum((block) => block.rows.length), sum(used)])];
  const foot = make("tfoot", make("tr", [make("th", say("total"), { scope: "row" }), ...totals]));
  const head = [["month", ""], ["leaf", "number"], ["row_count", "number"], ["counted", "number"]];
  return table(report.claim.series, head, rows, [foot]);
}

function drawRows(report) {
  const { claim, blocks } = report;
  const mean = claim.kind === "mean";
  const tables = mean ? [drawMonths(report)] : blocks.map((block) => drawBlock(block, claim));
  return [make("h2", say("rows")), make("p", say(mean ? "rows_mean" : "rows_value")), ...tables];
}

function drawRefusal({ refusal, keyGiven }) {
  const names = Object.keys(TABLE.refused);
  const broken = names.indexOf(refusal.step);
  const steps = names.map((name, at) => {
    const passed = name === "key" && !keyGiven ? "skipped" : "held";
    const state = at < broken ? passed : at === broken ? "failed" : "not_reached";
    return make("li", `${pick(TABLE.refused[name][0])}: ${say(state)}`, { class: state });
  });
  const facts = [["code", refusal.code], ["message", refusal.message], ["place", refusal.place], ["found", refusal.value]];
  const told = facts.filter(([, fact]) => fact).map(([name, fact]) => {
    const english = name === "message" ? { lang: "en" } : {};
    return [say(name), make("span", fact, { "data-fact": name, ...english })];
  });
  return [
    make("p", pick(TABLE.refused[refusal.step][1]), { id: "why" }),
    make("p", say("what_now")),
    make("h2", say("steps")),
    make("ol", steps, { class: "steps" }),
    make("details", [make("summary", say("precisely")), definitions(told)]),
  ];
}

function drawReport(report) {
  const simulated = report.unproven.some((one) => one.code === "simulated");
  return [
    ...(simulated ? [make("p", say("simulated"), { class: "notice" })] : []),
    ...drawFigure(report),
    ...drawFindings("proven", report.proven),
    ...drawFindings("unproven", report.unproven),
    ...drawRows(report),
  ];
}

// Draws the words of the page, and the outcome where there is one.
function draw() {
  document.documentElement.lang = shown.language;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = say(element.dataset.text, { version: TABLE.version });
  }
  part("language").lang = shown.language === "nl" ? "en" : "nl";
  const { outcome } = shown;
  const status = part("status");
  status.dataset.outcome = outcome?.kind ?? "";
  status.dataset.asked = shown.asked;
  if (!outcome) status.textContent = "";
  else if (outcome.kind !== "bad") status.textContent = say(outcome.kind);
  else status.textContent = say("bad", { step: pick(TABLE.refused[outcome.refusal.step][0]) });
  part("result").dataset.step = outcome?.refusal?.step ?? "";
  part("result").replaceChildren(...(outcome ? drawOutcome(outcome) : []));
  for (const row of document.querySelectorAll("tr.mark")) {
    const box = row.closest(".rows");
    box.scrollTop = row.offsetTop - box.clientHeight / 2;
  }
}

function drawOutcome(outcome) {
  if (outcome.report) return drawReport(outcome.report);
  if (outcome.refusal) return drawRefusal(outcome);
  return outcome.reason ? [make("p", say(outcome.reason), { id: "why" })] : [];
}

async function found(file) {
  let bytes;
  try {
    // what is too large to be a proof is not read: the check refuses it by its size
    bytes = new Uint8Array(await file.slice(0, TABLE.max_file_bytes + 1).arrayBuffer());
  } catch {
    return { kind: "unable", reason: "no_file" };
  }
  const key = part("key").value.trim() || null;
  try {
    return { kind: "good", report: await check(bytes, key, TABLE) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "bad", refusal: error, keyGiven: key !== null };
    if (error instanceof Unable) return { kind: "unable", reason: error.message };
    throw error;
  }
}

async function run() {
  if (!shown.file) return;
  shown.asked += 1;
  const { asked } = shown;
  shown.outcome = { kind: "busy" };
  draw();
  const outcome = await found(shown.file);
  if (asked !== shown.asked) return;
  shown.outcome = outcome;
  draw();
}

function take(file) {
  if (!file) return;
  shown.file = file;
  run();
}

function listen() {
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  part("file").addEventListener("change", (event) => take(event.target.files[0]));
  part("key").addEventListener("change", run);
  part("language").addEventListener("click", () => {
    shown.language = shown.language === "nl" ? "en" : "nl";
    draw();
  });
  // a file that misses the box would otherwise replace the page
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  for (const kind of ["dragenter", "dragover"]) part("drop").addEventListener(kind, () => part("drop").classList.add("over"));
  for (const kind of ["dragleave", "drop"]) part("drop").addEventListener(kind, () => part("drop").classList.remove("over"));
  part("drop").addEventListener("drop", (event) => {
    part("file").value = "";
    take(event.dataTransfer.files[0]);
  });
}

listen();
if (location.protocol.startsWith("http")) {
  part("online").hidden = false;
  if (shown.language === "en") part("site").href = "../en/";
}
draw();
