// The map of a dispersion study: classes in colour with their level along the line, the base and other models as lines of
// their own, stations with what was measured and reckoned, and the companies. The tables beside it say the same.
import { paints } from "./base-map.js";
import { fail, frame, json, popup } from "./map-frame.js";
import { factory, symbol } from "./symbols.js";
import { colour, words } from "./words.js";

const STEPS = 6;
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

function outline(map, id, data, ink, dash) {
  map.addSource(id, { type: "geojson", data });
  map.addLayer({
    id,
    type: "line",
    source: id,
    paint: { "line-color": colour(ink), "line-width": dash ? 2 : 1.2, ...(dash && { "line-dasharray": dash }) },
  });
}

function levels(map, source) {
  map.addLayer({
    id: "levels",
    type: "symbol",
    source,
    layout: { "symbol-placement": "line", "text-field": ["get", "words"], "text-size": 12, "symbol-spacing": 220 },
    paint: paints().names,
  });
}

function card(properties) {
  const box = document.createElement("div");
  const name = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = properties.name;
  name.append(strong);
  const lines =
    properties.kind === "station"
      ? [`${words.studyMeasured}: ${properties.measured} µg/m³`, `${words.studyComputed}: ${properties.computed} µg/m³`]
      : [properties.summary];
  box.append(
    name,
    ...lines.map((text) => {
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

// A control of MapLibre with a checkbox that shows and hides layers.
function control(map, text, layers, shown = true) {
  const label = document.createElement("label");
  label.className = "maplibregl-ctrl gb-map__layer";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = shown;
  const apply = () => {
    for (const layer of layers) map.setLayoutProperty(layer, "visibility", box.checked ? "visible" : "none");
  };
  label.append(box, text);
  box.addEventListener("change", apply);
  apply();
  map.addControl({ onAdd: () => label, onRemove: () => label.remove() }, "top-left");
}

function draw(map, found) {
  images(map);
  map.addSource("ours", { type: "geojson", data: told(found.contours, found.levels) });
  map.addLayer({ id: "classes", type: "fill", source: "ours", paint: { "fill-color": fills(), "fill-opacity": 0.62 } });
  map.addSource("lines", { type: "geojson", data: told(found.contours.lines, found.levels) });
  map.addLayer({ id: "edges", type: "line", source: "lines", paint: { "line-color": colour("--gb-class-line"), "line-width": 1 } });
  levels(map, "lines");
  control(map, words.studyOurs, ["classes", "edges", "levels"]);
  if (found.base) {
    outline(map, "base-study", told(found.base.lines ?? found.base, found.levels), "--gb-series-1", [3, 2]);
    control(map, `${words.studyBase}: ${found.base_levels}`, ["base-study"]);
  }
  found.imported.forEach((one, number) => {
    outline(map, `imported-${number}`, told(one.contours, found.levels), number % 2 ? "--gb-series-4" : "--gb-series-3", [1.5, 1.5]);
    control(map, one.name, [`imported-${number}`]);
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

function listen(map) {
  const box = popup();
  for (const layer of ["facilities", "stations"]) {
    map.on("click", layer, ({ features: [{ geometry, properties }] }) => {
      box.setLngLat(geometry.coordinates).setDOMContent(card(properties)).addTo(map);
    });
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}

function recolour(map) {
  images(map);
  map.setPaintProperty("classes", "fill-color", fills());
  map.setPaintProperty("edges", "line-color", colour("--gb-class-line"));
  for (const [layer, values] of Object.entries({ ...paints(), levels: paints().names, stations: paints().names, facilities: paints().names })) {
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
    listen(map);
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
