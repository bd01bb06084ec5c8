// The map of a dispersion study: classes in colour with their level along the line, the base and other models as lines of
// their own, stations with what was measured and reckoned, the companies, and what the study says where a reader asks. The
// tables beside it say the same.
import { paints } from "./base-map.js";
import { fail, frame, json, popup } from "./map-frame.js";
import { valueAt } from "./square.js";
import { factory, symbol } from "./symbols.js";
import { colour, language, words } from "./words.js";

const STEPS = 6;
const DIGITS = new Intl.NumberFormat(language, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const BASE = { ink: 1, dash: [3, 2], kind: "dashed" };
const INKS = [2, 3, 4];
const dark = matchMedia("(prefers-color-scheme: dark)");
const EMPTY = { type: "FeatureCollection", features: [] };

const collection = (features) => ({ type: "FeatureCollection", features });

function points(places, kind) {
  return collection(
    places
      .filter((one) => Number.isFinite(one.latitude) && Number.isFinite(one.longitude))
      .map((one) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: [one.longitude, one.latitude] },
        properties: { ...one, kind },
      })),
  );
}

// Returns contours with the words of their level and the number of their class.
function told(contours, levels) {
  const features = (contours ?? EMPTY).features.filter(({ geometry }) => geometry);
  return collection(
    features.map((one) => {
      const place = levels.findIndex(({ level }) => level === one.properties.level);
      return { ...one, properties: { ...one.properties, place, words: levels[place]?.words ?? "" } };
    }),
  );
}

const fills = () => ["match", ["get", "place"], ...[...Array(STEPS).keys()].flatMap((n) => [n, colour(`--gb-class-${n}`)]), "#000"];

// Returns how the lines of another model are drawn: the first three dotted, the others dashed.
function lineOf(number) {
  const far = number >= INKS.length;
  return { ink: INKS[number % INKS.length], dash: far ? [5, 2] : [1.5, 1.5], kind: far ? "dashed" : "dotted" };
}

function outline(map, id, data, { ink, dash }) {
  map.addSource(id, { type: "geojson", data });
  const paint = { "line-color": colour(`--gb-series-${ink}`), "line-width": 2, "line-dasharray": dash };
  map.addLayer({ id, type: "line", source: id, paint });
}

function levels(map, id, source) {
  map.addLayer({
    id,
    type: "symbol",
    source,
    layout: { "symbol-placement": "line", "text-field": ["get", "words"], "text-size": 12, "symbol-spacing": 220 },
    paint: paints().names,
  });
}

function lines(properties) {
  if (properties.kind !== "station") return [properties.summary];
  return [`${words.studyMeasured}: ${properties.measured} µg/m³`, `${words.studyComputed}: ${properties.computed} µg/m³`];
}

function card(title, texts) {
  const box = document.createElement("div");
  const name = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = title;
  name.append(strong);
  box.append(
    name,
    ...texts.map((text) => {
      const line = document.createElement("p");
      line.textContent = text;
      return line;
    }),
  );
  return box;
}

function images(map) {
  for (const [name, made] of [["station", symbol("below")], ["factory", factory()]]) {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, made.image, made.options);
  }
}

// A control of MapLibre with a checkbox that shows and hides layers, and how their lines are drawn.
function control(map, text, layers, line, shown = true) {
  const label = document.createElement("label");
  label.className = "maplibregl-ctrl gb-map__layer";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = shown;
  const apply = () => {
    for (const layer of layers) map.setLayoutProperty(layer, "visibility", box.checked ? "visible" : "none");
  };
  label.append(box, ...(line ? [sample(line)] : []), text);
  box.addEventListener("change", apply);
  apply();
  map.addControl({ onAdd: () => label, onRemove: () => label.remove() }, "top-left");
}

function sample({ ink, kind }) {
  const made = document.createElement("span");
  made.className = `gb-map__line gb-map__line--${kind}`;
  made.style.setProperty("border-color", `var(--gb-series-${ink})`);
  return made;
}

export function draw(map, found) {
  images(map);
  map.addSource("ours", { type: "geojson", data: told(found.contours, found.levels) });
  map.addLayer({ id: "classes", type: "fill", source: "ours", paint: { "fill-color": fills(), "fill-opacity": 0.62 } });
  map.addSource("lines", { type: "geojson", data: told(found.contours.lines, found.levels) });
  map.addLayer({ id: "edges", type: "line", source: "lines", paint: { "line-color": colour("--gb-class-line"), "line-width": 1 } });
  levels(map, "levels", "lines");
  control(map, words.studyOurs, ["classes", "edges", "levels"]);
  if (found.base) {
    outline(map, "base-study", told(found.base.lines ?? found.base, found.levels), BASE);
    control(map, `${words.studyBase}: ${found.base_levels}`, ["base-study"], BASE);
  }
  found.imported.forEach((one, number) => {
    const layer = `imported-${number}`;
    outline(map, layer, told(one.contours, one.levels), lineOf(number));
    levels(map, `${layer}-levels`, layer);
    control(map, one.name, [layer, `${layer}-levels`], lineOf(number));
  });
  for (const [id, places, icon] of [["facilities", points(found.facilities, "facility"), "factory"], ["stations", points(found.stations, "station"), "station"]]) {
    map.addSource(id, { type: "geojson", data: places });
    map.addLayer({
      id,
      type: "symbol",
      source: id,
      layout: {
        "icon-image": icon,
        "icon-allow-overlap": true,
        "text-field": ["get", "name"],
        "text-size": 13,
        "text-optional": true,
        "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 1.5,
        "text-max-width": 9,
      },
      paint: paints().names,
    });
  }
}

const PLACES = ["facilities", "stations"];

// Says at a place of the map what is known there: of a station or a company what it is, elsewhere what the study says.
function ask(map, box, found, place) {
  const [feature] = map.queryRenderedFeatures(map.project(place), { layers: PLACES });
  const value = valueAt(found.square, place);
  const said = value === null ? [words.studyNothing] : [`${DIGITS.format(value)} ${found.unit}`, words.studyAdded];
  const shown = feature ? card(feature.properties.name, lines(feature.properties)) : card(found.statistic, said);
  box.setLngLat(feature ? feature.geometry.coordinates : place).setDOMContent(shown).addTo(map);
}

// A button that asks in the middle of the map: for who moves the map with the keyboard.
function middle(map, asked) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "maplibregl-ctrl gb-map__layer gb-map__ask";
  button.textContent = words.studyAsk;
  button.addEventListener("click", () => asked(map.getCenter()));
  map.addControl({ onAdd: () => button, onRemove: () => button.remove() }, "bottom-left");
}

function listen(map, found) {
  const box = popup();
  map.on("click", ({ lngLat }) => ask(map, box, found, lngLat));
  middle(map, (place) => ask(map, box, found, place));
  for (const layer of PLACES) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}

function recolour(map) {
  images(map);
  map.setPaintProperty("classes", "fill-color", fills());
  map.setPaintProperty("edges", "line-color", colour("--gb-class-line"));
  const named = map.getStyle().layers.map(({ id }) => id).filter((id) => /^(levels|stations|facilities|imported-\d+-levels)$/.test(id));
  for (const [layer, values] of Object.entries({ ...paints(), ...Object.fromEntries(named.map((id) => [id, paints().names])) })) {
    if (!map.getLayer(layer)) continue;
    for (const [property, value] of Object.entries(values)) map.setPaintProperty(layer, property, value);
  }
}

export async function drawMap(element) {
  let found;
  try {
    found = await json(element.dataset.dispersionUrl);
  } catch (error) {
    console.info(error);
    return fail(element, words.studyData);
  }
  try {
    element.replaceChildren();
    const map = frame(element, found.bounds, 20, words.studyLabel);
    map.on("error", ({ error }) => console.info(error));
    await new Promise((resolve) => map.once("load", resolve));
    draw(map, found);
    listen(map, found);
    dark.addEventListener("change", () => recolour(map));
    const attribution = element.querySelector("details.maplibregl-ctrl-attrib");
    attribution?.removeAttribute("open");
    attribution?.classList.remove("maplibregl-compact-show");
    await new Promise((resolve) => map.once("idle", resolve));
    document.documentElement.dataset.mapReady = "1";
  } catch (error) {
    console.info(error);
    fail(element, words.studyFails);
  }
}
