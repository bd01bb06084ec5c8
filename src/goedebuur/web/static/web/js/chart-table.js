// The table with the same figures as the picture, for who reads with ears or fingers, or wants the number itself.
import { daysOf, moment, number, words, zone } from "./words.js";

const DATE = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
const PARTS = { ...DATE, hour: "2-digit", minute: "2-digit" };

function cell(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
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
  add(words.time);
  for (const id of ids) {
    const name = ids.length > 1 ? `${chart.names[id] ?? id}, ` : "";
    add(`${name}${words.mean} (${chart.unit})`, "gb-number");
    if (wide) {
      add(`${name}${words.lowest}`, "gb-number");
      add(`${name}${words.highest}`, "gb-number");
    }
  }
  const thead = document.createElement("thead");
  thead.append(row);
  return thead;
}

export function chartTable(box, chart, answer) {
  const ids = Object.keys(answer.series);
  const value = (number_) => (number_ === null || number_ === undefined ? "–" : number(number_, chart.decimals));
  const wide = ids.some((id) =>
    answer.series[id].mean.some((mean, at) => mean !== null && answer.series[id].min?.[at] !== answer.series[id].max?.[at]),
  );
  const body = document.createElement("tbody");
  const labels = answer.x.map((start, at) => daysOf(answer, at, DATE) ?? moment(start, PARTS));
  answer.x.forEach((start, at) => {
    const row = document.createElement("tr");
    // the hour that comes twice when summer time ends is told apart
    const twice = labels[at] === labels[at - 1] || labels[at] === labels[at + 1];
    const first = cell("th", twice ? `${labels[at]} ${zone(start)}` : labels[at]);
    first.scope = "row";
    row.append(first);
    for (const id of ids) {
      const { mean, min, max } = answer.series[id];
      row.append(cell("td", mean[at] === null ? words.noValue : value(mean[at]), "gb-number"));
      if (wide) row.append(cell("td", value(min?.[at]), "gb-number"), cell("td", value(max?.[at]), "gb-number"));
    }
    body.append(row);
  });
  const table = document.createElement("table");
  table.className = "utrecht-table utrecht-table--html-table";
  table.append(cell("caption", `${words.tableOf}: ${chart.title}`), head(chart, ids, wide), body);
  box.replaceChildren(table);
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", words.tableOf);
}
