// The one script that every page loads. It looks what the page holds and fetches only the code for that.
import { words } from "./words.js";

const vendor = (path) => new URL(`../../vendor/${path}`, import.meta.url).href;

function styleSheet(path) {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = vendor(path);
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", resolve, { once: true });
    // before our own style sheet, so that ours wins
    document.head.prepend(link);
  });
}

async function figures() {
  const map = document.querySelector("[data-map]");
  if (map) {
    const script = map.dataset.dispersionUrl ? import("./dispersion.js") : import("./map.js");
    const [{ drawMap }] = await Promise.all([script, styleSheet("maplibre-gl/maplibre-gl.css")]);
    await drawMap(map);
  }
  const charts = [...document.querySelectorAll("[data-chart]")];
  if (charts.length) {
    const [{ drawChart }] = await Promise.all([import("./chart.js"), styleSheet("uplot/uPlot.min.css")]);
    await Promise.all(charts.map(drawChart));
  }
  const roses = [...document.querySelectorAll("[data-rose]")];
  if (roses.length) {
    const { drawRose } = await import("./rose.js");
    roses.forEach(drawRose);
  }
}

// A box that scrolls must be reachable by keyboard, and only then.
function scrollBoxes() {
  for (const box of document.querySelectorAll(".utrecht-table-container, [data-station-list], pre")) {
    const sizes = new ResizeObserver(() => reachable(box));
    // what is in it can grow, as a typeface comes in, while the box stays as it is; and a script may put a new table in
    const watch = () => {
      sizes.disconnect();
      [box, ...box.children].forEach((part) => sizes.observe(part));
    };
    new MutationObserver(watch).observe(box, { childList: true });
    watch();
  }
}

function reachable(box) {
  const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  if (!scrolls) {
    box.removeAttribute("tabindex");
    return;
  }
  box.tabIndex = 0;
  const plain = !["UL", "OL", "NAV", "PRE"].includes(box.tagName);
  if (plain && !box.hasAttribute("role") && !box.hasAttribute("aria-label") && !box.hasAttribute("aria-labelledby")) {
    box.setAttribute("role", "region");
    const name = box.querySelector("caption")?.textContent.trim() || words.table;
    const taken = new Set([...document.querySelectorAll("[role=region]")].map((one) => one.getAttribute("aria-label")));
    let own = name;
    for (let number = 2; taken.has(own); number++) own = `${name} (${number})`;
    box.setAttribute("aria-label", own);
  }
}

function forms() {
  for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
    const buttons = form.querySelectorAll("button[type=submit]:not([name])");
    buttons.forEach((button) => (button.hidden = true));
    // with the keyboard each arrow is a change: who chooses so, sends it himself (WCAG 3.2.2)
    let keyed = false;
    form.addEventListener("pointerdown", () => (keyed = false));
    form.addEventListener("keydown", () => {
      keyed = true;
      buttons.forEach((button) => (button.hidden = false));
    });
    form.addEventListener("change", () => keyed || form.requestSubmit());
  }
  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = words.copied;
    });
  }
}

// What a link leads to may lie in a fold: open those around it. On paper nothing is folded.
function folds() {
  const lead = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const shut = [...document.querySelectorAll("details:not([open])")].filter((one) => one.contains(target));
    shut.forEach((one) => (one.open = true));
    if (shut.length) target.scrollIntoView();
  };
  addEventListener("hashchange", lead);
  lead();
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((one) => (one.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((one) => (one.open = false)));
}

async function large() {
  const form = document.querySelector("form[data-progress]");
  if (!form) return;
  const { showProgress } = await import("./progress.js");
  showProgress(form, () => {
    scrollBoxes();
    forms();
    large();
  });
}

async function study() {
  const box = document.querySelector("[data-study-progress]");
  if (!box) return;
  const { follow } = await import("./waiting.js");
  follow(box);
}

scrollBoxes();
forms();
folds();
await Promise.all([figures(), large(), study()]);
