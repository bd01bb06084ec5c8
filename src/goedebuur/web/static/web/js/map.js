// The map of stations: base map of our own, stations by verdict, the wind of the moment. The list beside it has the same.
import { paints, places } from "./base-map.js";
import { addFacilities } from "./facilities.js";
import { fail, frame, json, popup, still } from "./map-frame.js";
import { addNearby } from "./nearby.js";
import { SYMBOLS, symbol, symbolClass } from "./symbols.js";
import { words } from "./words.js";
import { windBox } from "./wind.js";

const HOME = [3.2, 50.7, 7.3, 53.6]; // west, south, east, north of the Netherlands, where there is no station at all
const narrow = matchMedia("(max-width: 56rem)"); // as in figures.css: the list under the map
const dark = matchMedia("(prefers-color-scheme: dark)");

function features(stations) {
  return stations
    .filter((station) => Number.isFinite(station.latitude) && Number.isFinite(station.longitude))
    .map((station) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [station.longitude, station.latitude] },
      properties: { ...station, symbol: SYMBOLS.includes(station.symbol) ? station.symbol : "none" },
    }));
}

function bounds(element, points) {
  const given = (element.dataset.bounds || "").split(",").map(Number);
  if (given.length === 4 && given.every(Number.isFinite)) return given;
  if (!points.length) return HOME;
  const x = points.map((point) => point.geometry.coordinates[0]);
  const y = points.map((point) => point.geometry.coordinates[1]);
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

function key(used) {
  const list = document.createElement("ul");
  list.className = "gb-map__key";
  list.setAttribute("aria-label", words.key);
  for (const name of SYMBOLS.filter((one) => used.has(one))) {
    const item = document.createElement("li");
    const shape = document.createElement("span");
    shape.className = symbolClass(name);
    item.append(shape, used.get(name));
    list.append(item);
  }
  return list;
}

function card(station) {
  const box = document.createElement("div");
  const name = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = station.name;
  name.append(strong);
  const verdict = document.createElement("p");
  const shape = document.createElement("span");
  shape.className = symbolClass(station.symbol);
  verdict.append(shape, ` ${station.words}`);
  const summary = document.createElement("p");
  summary.textContent = station.summary ?? "";
  box.append(name, verdict, ...(station.summary ? [summary] : []));
  if (station.url) {
    const link = document.createElement("a");
    link.href = station.url;
    link.className = "nl-link";
    link.textContent = words.toStation;
    box.append(link);
  }
  return box;
}

class StationMap {
  constructor(element, points) {
    this.element = element;
    this.points = points;
    const padding = { top: 75, bottom: 90, left: 65, right: 80 };
    this.map = frame(element, bounds(element, points), padding, words.mapLabel);
    this.map.on("error", (event) => this.failed(event));
    this.popup = popup();
  }

  // Tiles that do not come are let go, and our own names of places come back; one missing tile is no reason.
  failed({ error, sourceId }) {
    console.info(error);
    if (sourceId !== "tiles" || error.status === 404 || !this.map.getLayer("tiles")) return;
    this.map.removeLayer("tiles");
    this.map.addLayer(places(), this.map.getLayer("chosen") ? "chosen" : undefined);
  }

  async draw() {
    await new Promise((resolve) => this.map.once("load", resolve));
    this.addStations();
    this.listen();
    dark.addEventListener("change", () => this.recolour());
    if (this.points.length) this.element.append(key(new Map(this.points.map(({ properties }) => [properties.symbol, properties.key ?? properties.words]))));
    const attribution = this.element.querySelector("details.maplibregl-ctrl-attrib");
    attribution?.removeAttribute("open");
    attribution?.classList.remove("maplibregl-compact-show");
    await new Promise((resolve) => this.map.once("idle", resolve));
  }

  addImages() {
    for (const name of SYMBOLS) {
      const { image, options } = symbol(name);
      if (this.map.hasImage(name)) this.map.removeImage(name);
      this.map.addImage(name, image, options);
    }
  }

  addStations() {
    this.addImages();
    const map = this.map;
    map.addSource("stations", { type: "geojson", data: { type: "FeatureCollection", features: this.points } });
    map.addLayer({
      id: "chosen",
      type: "circle",
      source: "stations",
      filter: ["==", ["get", "id"], ""],
      paint: { "circle-radius": 19, ...paints().chosen },
    });
    // under the symbols, so that symbols find their place first and names keep clear of them
    map.addLayer({
      id: "names",
      type: "symbol",
      source: "stations",
      minzoom: narrow.matches ? 11.5 : 9.5, // on a telephone names would hide the symbols: a tap says the name too
      layout: {
        "text-field": ["get", "name"],
        "text-size": 13,
        "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 1.5,
        "text-max-width": 9,
      },
      paint: paints().names,
    });
    map.addLayer({
      id: "stations",
      type: "symbol",
      source: "stations",
      layout: {
        "icon-image": ["get", "symbol"],
        "icon-allow-overlap": true,
        "icon-padding": 0,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 6, 0.6, 10, 1],
        "symbol-sort-key": ["match", ["get", "symbol"], "none", 0, "unknown", 1, "below", 2, "above-guideline", 3, 4],
      },
    });
  }

  listen() {
    const map = this.map;
    map.on("click", "stations", (event) => this.show(event.features[0]));
    map.on("mouseenter", "stations", () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", "stations", () => (map.getCanvas().style.cursor = ""));
    this.popup.on("close", () => this.choose(""));
    const items = document.querySelectorAll("[data-station-list] [data-station]"); // moved about later, never made anew
    for (const item of items) {
      const id = item.dataset.station;
      item.addEventListener("pointerenter", () => this.choose(id));
      item.addEventListener("focusin", () => this.choose(id, true));
      item.addEventListener("pointerleave", () => this.choose(""));
      item.addEventListener("focusout", () => this.choose(""));
    }
  }

  show(feature) {
    const station = feature.properties;
    this.popup.setLngLat(feature.geometry.coordinates).setDOMContent(card(station)).addTo(this.map);
    this.choose(station.id);
  }

  choose(id, move = false) {
    this.map.setFilter("chosen", ["==", ["get", "id"], id]);
    document
      .querySelectorAll("[data-station-list] [data-station]")
      .forEach((item) => item.classList.toggle("is-shown", item.dataset.station === id));
    const point = move && this.points.find((one) => one.properties.id === id);
    if (point && !this.map.getBounds().contains(point.geometry.coordinates)) {
      this.map.easeTo({ center: point.geometry.coordinates, animate: !still.matches });
    }
  }

  recolour() {
    this.addImages();
    for (const [layer, values] of Object.entries(paints())) {
      if (!this.map.getLayer(layer)) continue;
      for (const [property, value] of Object.entries(values)) this.map.setPaintProperty(layer, property, value);
    }
  }
}

async function companies(element, drawn) {
  if (!element.dataset.facilitiesUrl) return;
  try {
    const { facilities } = await json(element.dataset.facilitiesUrl);
    addFacilities(drawn, facilities, still.matches);
  } catch (error) {
    console.info(error);
  }
}

async function wind(element, map) {
  if (!element.dataset.windUrl) return;
  try {
    const { wind: rows } = await json(element.dataset.windUrl);
    const box = windBox(rows, Number(element.dataset.year) || null);
    if (!box) return;
    element.append(box.element);
    const nearest = () => box.show(map.getCenter());
    nearest();
    map.on("moveend", nearest);
  } catch (error) {
    console.info(error);
  }
}

export async function drawMap(element) {
  let stations;
  try {
    ({ stations } = await json(element.dataset.stationsUrl));
  } catch (error) {
    console.info(error);
    return fail(element, words.mapData);
  }
  try {
    element.replaceChildren();
    const drawn = new StationMap(element, features(stations));
    await drawn.draw();
    addNearby(element, drawn.map, drawn.points);
    await companies(element, drawn);
    await wind(element, drawn.map);
    document.documentElement.dataset.mapReady = "1";
  } catch (error) {
    console.info(error);
    fail(element, words.mapFails);
  }
}
