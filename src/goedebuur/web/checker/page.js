// What a reader sees: takes the file, has it checked, and writes the outcome in the language of the page.
import { check, counts } from "./check.js";
import { asText, fillIn } from "./judge.js";
import { BadList, policyOf, Refusal, requireCryptography, Unable } from "./log.js";
import { said } from "./read.js";

const TABLE = JSON.parse(document.getElementById("table").textContent);
const ZONE = "Europe/Amsterdam";
const MOST_LIST_BYTES = 1_000_000;
const part = (id) => document.getElementById(id);
const shown = { language: location.hash === "#en" ? "en" : "nl", file: null, outcome: null, asked: 0 };

function pick(pair) {
  return pair[shown.language === "nl" ? 0 : 1];
}

function say(name, values = {}) {
  return fillIn(pick(TABLE.texts[name]), values);
}

function make(tag, content, attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...[content].flat().filter((one) => one !== ""));
  return element;
}

function decimal(text) {
  return shown.language === "nl" ? text.replace(/(?<=[0-9])\.(?=[0-9])/g, ",") : text;
}

function sentence(finding) {
  const values = { ...finding.values };
  for (const name of TABLE.moments) {
    const there = onClocks(values[name] ?? "");
    if (there) values[name] = `${there} (${say("civil")})`;
  }
  for (const name of TABLE.decimals) if (name in values) values[name] = decimal(values[name]);
  return fillIn(pick({ ...TABLE.proven, ...TABLE.unproven }[finding.code]), values);
}

// Returns a moment in UTC as `31-12-2021 23:00` on clocks in the Netherlands, or nothing: the same as
// core/proof/civil.py, by the rule of the law and not by what the browser knows of time zones.
function onClocks(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/.exec(text);
  const [year, month, day, hour, minute, second] = found ? found.slice(1).map(Number) : [0];
  const moment = Date.UTC(year, month - 1, day, hour, minute, second);
  const [first, last] = TABLE.civil_years;
  const real = found && year > 0 && new Date(moment).toISOString().slice(0, 19) === text.slice(0, 19);
  if (!real || year < first || year > last) return "";
  const change = (at) => {
    const end = new Date(Date.UTC(year, at - 1, 31, 1));
    return end.getTime() - end.getUTCDay() * 86_400_000;
  };
  const hours = change(3) <= moment && moment < change(10) ? 2 : 1;
  const there = new Date(moment + hours * 3_600_000).toISOString();
  return `${there.slice(8, 10)}-${there.slice(5, 7)}-${there.slice(0, 4)} ${there.slice(11, 16)}`;
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
  const percent = claim.percentile && (100 * Number(claim.percentile[0])) / Number(claim.percentile[1]);
  const kinds = { value: say("value"), mean: say("mean"), average: say("average") };
  const kind = percent ? say("percentile", { percent: decimal(String(percent)) }) : kinds[claim.kind];
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
      [say("used"), claim.kind === "average" ? say("of", { part: claim.count, whole: claim.expected }) : String(claim.count)],
      [say("log"), say("log_state", checkpoint)],
    ]),
  ];
}

// Returns the fields of a verdict in the language of the page.
function verdictFacts(report) {
  const fields = report.claim.fields;
  const get = (name) => fields.get(name);
  const own = (name) => get(shown.language === "nl" ? name : `${name}_en`);
  const words = (kind) => pick(TABLE.wording[kind][get(kind === "kinds" ? "kind" : "statistic")]);
  const of = (a, b) => say("of", { part: get(a), whole: get(b) });
  const { names } = TABLE.quantities[get("quantity")];
  return [
    ["what", `${pick(names)}, ${words("statistics")}`],
    ["rule", `${get("limit_id")}: ${words("kinds")}, ${decimal(get("limit_text"))} ${get("unit")}`],
    ["series", get("series")],
    ["year", String(get("year"))],
    ["computed", get("value_text") ? `${decimal(get("value_text"))} ${get("unit")}` : ""],
    ["above", get("exceedances") === null ? "" : say("allowed", { part: get("exceedances"), whole: get("allowed") })],
    ["measured", of("capture_num", "capture_den")],
    ["required", get("required_den") ? `${get("required_num")}/${get("required_den")}` : ""],
    ["why", decimal(own("reason"))],
    ["question", own("question")],
    ["log", say("log_state", report.checkpoint)],
  ].filter(([, fact]) => fact);
}

function drawVerdict(report) {
  const { values } = report.proven.find((one) => one.code === "verdict");
  const said = report.claim.fields.get(shown.language === "nl" ? "reservations" : "reservations_en");
  return [
    make("h2", say("verdict")),
    make("p", values[`outcome_${shown.language}`], { class: "big", id: "figure" }),
    definitions(verdictFacts(report).map(([name, fact]) => [say(name), fact])),
    make("h3", say("reservations")),
    make("ul", said.map((one) => make("li", one)), { id: "reservations" }),
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
  const inMean = report.claim.kind === "mean";
  const good = (row) => (inMean ? counts(row, report.claim, TABLE) : row.value !== null && !left(row));
  const used = (block) => block.rows.filter((row) => standing.has(row) && good(row)).length;
  const numbers = (names) => names.map((one) => make("td", String(one), { class: "number" }));
  const rows = report.blocks.map((block) => {
    const cells = [make("th", block.month, { scope: "row" }), ...numbers([block.leaf, block.rows.length, used(block)])];
    return make("tr", cells);
  });
  const sum = (of) => report.blocks.reduce((total, block) => total + of(block), 0);
  const totals = [make("td", ""), ...numbers([sum((block) => block.rows.length), sum(used)])];
  const foot = make("tfoot", make("tr", [make("th", say("total"), { scope: "row" }), ...totals]));
  const head = [["month", ""], ["leaf", "number"], ["row_count", "number"], [inMean ? "counted" : "usable", "number"]];
  return table(isVerdict(report) ? report.claim.fields.get("series") : report.claim.series, head, rows, [foot]);
}

function isVerdict({ claim }) {
  return claim.kind === "verdict";
}

function drawRows(report) {
  const { claim, blocks } = report;
  const tables = claim.kind === "value" ? blocks.map((block) => drawBlock(block, claim)) : [drawMonths(report)];
  const whole = say("rows_verdict");
  const words = { value: say("rows_value"), mean: say("rows_mean"), average: say("rows_average"), verdict: whole };
  return [make("h2", say("rows")), make("p", words[claim.kind]), ...tables];
}

function drawRefusal({ refusal, keyGiven, witnessesGiven }) {
  const names = Object.keys(TABLE.refused);
  const broken = names.indexOf(refusal.step);
  const steps = names.map((name, at) => {
    const unasked = (name === "key" && !keyGiven) || (name === "witnessed" && !witnessesGiven);
    const state = at < broken ? (unasked ? "skipped" : "held") : at === broken ? "failed" : "not_reached";
    const words = {
      held: say("held"),
      failed: say("failed"),
      not_reached: say("not_reached"),
      skipped: name === "key" ? say("skipped") : say("no_witnesses"),
    };
    return make("li", `${pick(TABLE.refused[name][0])}: ${words[state]}`, { class: state });
  });
  const whatNow = { file: say("what_now_file"), key: say("what_now_key") };
  const facts = [["code", refusal.code], ["message", refusal.message], ["place", refusal.place], ["found", refusal.value]];
  const told = facts.filter(([, fact]) => fact).map(([name, fact]) => {
    const english = name === "message" ? { lang: "en" } : {};
    return [say(name), make("span", fact, { "data-fact": name, ...english })];
  });
  return [
    make("p", pick(TABLE.refused[refusal.step][1]), { id: "why" }),
    make("p", whatNow[refusal.step] ?? say("what_now"), { id: "what-now" }),
    make("h2", say("steps")),
    make("ol", steps, { class: "steps" }),
    make("details", [make("summary", say("precisely")), definitions(told)]),
  ];
}

function drawReport(report) {
  const simulated = report.unproven.some((one) => one.code === "simulated");
  return [
    ...(simulated ? [make("p", say("simulated"), { class: "notice" })] : []),
    ...(isVerdict(report) ? drawVerdict(report) : drawFigure(report)),
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
  if (part("program")) part("program").href = `${programFolder()}goedebuur-controle.pyz`;
  part("language").lang = shown.language === "nl" ? "en" : "nl";
  const { outcome } = shown;
  const status = part("status");
  status.dataset.outcome = outcome?.kind ?? "";
  status.dataset.asked = shown.asked;
  if (!outcome) status.textContent = "";
  else if (outcome.reason === "bad_list") status.textContent = say("bad_list");
  else if (outcome.kind !== "bad") status.textContent = say(outcome.kind);
  else status.textContent = say("bad", { step: pick(TABLE.refused[outcome.refusal.step][0]) });
  part("result").dataset.step = outcome?.refusal?.step ?? "";
  part("result").replaceChildren(...(outcome ? drawOutcome(outcome) : []));
  for (const row of document.querySelectorAll("tr.mark")) {
    const box = row.closest(".rows");
    box.scrollTop = row.offsetTop - box.clientHeight / 2;
  }
}

// Returns the folder of the program in the language of the page, from the one in which this page lies.
function programFolder() {
  const here = /\/en\/[^/]+\/[^/]*$/.test(location.pathname) ? "en" : "nl";
  if (here === shown.language) return "";
  return here === "nl" ? "../en/controle/" : "../../controle/";
}

function drawOutcome(outcome) {
  if (outcome.report) return drawReport(outcome.report);
  if (outcome.refusal) return drawRefusal(outcome);
  if (outcome.reason === "bad_list") return [make("p", `${say("found")}: ${outcome.found}`, { id: "why" })];
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
  const list = part("witnesses").value;
  let policy = { witnesses: [], needed: 0 };
  try {
    if (list.trim()) await requireCryptography();
    policy = await policyOf(list, Number(part("quorum").value) || 0);
    return { kind: "good", report: await check(bytes, key, policy, TABLE) };
  } catch (error) {
    if (error instanceof BadList) return { kind: "unable", reason: "bad_list", found: error.message };
    const given = { keyGiven: key !== null, witnessesGiven: policy.witnesses.length > 0 };
    if (error instanceof Refusal) return { kind: "bad", refusal: error, ...given };
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
  for (const name of ["key", "witnesses", "quorum"]) part(name).addEventListener("change", run);
  part("list").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    part("witnesses").value = await file.slice(0, MOST_LIST_BYTES).text();
    run();
  });
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
