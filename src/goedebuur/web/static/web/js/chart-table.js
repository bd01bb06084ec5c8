// The table of the page has the figures of the picture: on each zoom its rows are written anew, in the server's form.
import { DAY, daysOf, duration, moment, number, words, zone } from "./words.js";

const DATE = { day: "2-digit", month: "2-digit", year: "numeric" };
const PARTS = { ...DATE, hour: "2-digit", minute: "2-digit" };
const plain = (text) => text.replaceAll("/", "-").replace(",", "");

function cell(tag, text, className) {
  const element = document.createElement(tag);
  element.append(text);
  if (className) element.className = className;
  return element;
}

function head(chart, ids, wide) {
  const row = document.createElement("tr");
  const add = (text, className) => {
    const th = cell("th", text, className);
    th.scope = "col";
    row.append(th);
  };
  add(words.start);
  for (const id of ids) {
    const name = ids.length > 1 ? (chart.names[id] ?? id) : wide ? words.Mean : words.Value;
    add(name, "gb-number");
    if (wide) {
      add(words.Lowest, "gb-number");
      add(words.Highest, "gb-number");
    }
  }
  const thead = document.createElement("thead");
  thead.append(row);
  return thead;
}

// Returns a figure; that of one delivered value leads to its history.
function figure(chart, columns, at, start) {
  const text = chart.figure(columns, at);
  const pattern = chart.root.dataset.history;
  if (!pattern || !columns.decimals || columns.mean[at] === null) return text;
  const link = document.createElement("a");
  link.className = "nl-link";
  link.href = pattern.replace("START", new Date(start * 1000).toISOString().replace(".000", ""));
  link.textContent = text;
  return link;
}

function rows(chart, answer, ids, wide) {
  const body = document.createElement("tbody");
  const value = (one) => (one === null || one === undefined ? "–" : number(one, chart.decimals));
  const labels = answer.x.map((start, at) => plain(daysOf(answer, at, DATE)?.replace(" CET", "") ?? moment(start, PARTS)));
  answer.x.forEach((start, at) => {
    const row = document.createElement("tr");
    // the hour that comes twice when summer time ends is told apart
    const twice = labels[at] === labels[at - 1] || labels[at] === labels[at + 1];
    const first = cell("th", twice ? `${labels[at]} ${zone(start)}` : labels[at]);
    first.scope = "row";
    row.append(first);
    for (const id of ids) {
      const columns = answer.series[id];
      row.append(cell("td", figure(chart, columns, at, start), "gb-number"));
      if (wide) row.append(...[columns.min, columns.max].map((side) => cell("td", value(side?.[at]), "gb-number")));
    }
    body.append(row);
  });
  return body;
}

export function chartTable(box, chart, answer) {
  const ids = Object.keys(answer.series);
  const wide = ids.length === 1 && !answer.series[ids[0]].decimals;
  const table = document.createElement("table");
  table.className = "utrecht-table utrecht-table--html-table";
  const [start, end] = chart.view.map((one) => moment(one, DAY));
  const period = `${words.from} ${start} ${words.until} ${end}, ${duration(answer.step)} ${words.perRow}`;
  table.append(cell("caption", `${chart.unit}; ${period}`), head(chart, ids, wide), rows(chart, answer, ids, wide));
  box.replaceChildren(table);
  const days = answer.step % 86400 === 0;
  for (const note of box.parentElement.querySelectorAll("[data-clock]")) {
    note.hidden = (note.dataset.clock === "days") !== days;
  }
}
