// The companies of the release register as a layer of their own, which can be switched off. The list has the same.
import { paints } from "./base-map.js";
import { factory } from "./symbols.js";
import { words } from "./words.js";

const LAYERS = ["facilities", "facility-names"];

function card({ name, summary, url }) {
  const box = document.createElement("div");
  const title = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = name;
  title.append(strong);
  const text = document.createElement("p");
  text.textContent = summary;
  const link = document.createElement("a");
  link.className = "nl-link";
  link.href = url;
  link.textContent = words.toFacility;
  box.append(title, text, link);
  return box;
}

function points(facilities) {
  return facilities
    .filter((one) => Number.isFinite(one.latitude) && Number.isFinite(one.longitude))
    .map((one) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [one.longitude, one.latitude] },
      properties: one,
    }));
}

// A control of MapLibre with the checkbox that shows and hides the layer.
function control(map, image) {
  const label = document.createElement("label");
  label.className = "maplibregl-ctrl gb-map__layer";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = true;
  label.append(box, image, words.facilities);
  box.addEventListener("change", () => {
    for (const layer of LAYERS) map.setLayoutProperty(layer, "visibility", box.checked ? "visible" : "none");
  });
  return { onAdd: () => label, onRemove: () => label.remove() };
}

function list(map, found, still) {
  const choose = (id) => map.setFilter("chosen-facility", ["==", ["get", "id"], id]);
  for (const item of document.querySelectorAll("[data-facility]")) {
    const id = item.dataset.facility;
    const point = found.find((one) => one.properties.id === id)?.geometry.coordinates;
    item.addEventListener("pointerenter", () => choose(id));
    item.addEventListener("pointerleave", () => choose(""));
    item.addEventListener("focusout", () => choose(""));
    item.addEventListener("focusin", () => {
      choose(id);
      if (point && !map.getBounds().contains(point)) map.easeTo({ center: point, animate: !still });
    });
  }
}

export function addFacilities({ map, popup }, facilities, still) {
  const found = points(facilities);
  if (!found.length) return;
  const draw = () => {
    const { image, options } = factory();
    if (map.hasImage("factory")) map.removeImage("factory");
    map.addImage("factory", image, options);
  };
  draw();
  map.addSource("facilities", { type: "geojson", data: { type: "FeatureCollection", features: found } });
  const source = "facilities";
  map.addLayer({
    id: "chosen-facility",
    type: "circle",
    source,
    filter: ["==", ["get", "id"], ""],
    paint: { "circle-radius": 19, ...paints().chosen },
  }, "names");
  map.addLayer({
    id: "facility-names",
    type: "symbol",
    source,
    minzoom: 11,
    layout: {
      "text-field": ["get", "name"],
      "text-size": 12,
      "text-variable-anchor": ["top", "bottom", "left", "right"],
      "text-radial-offset": 1.4,
      "text-max-width": 10,
    },
    paint: paints().names,
  }, "names");
  map.addLayer({
    id: "facilities",
    type: "symbol",
    source,
    layout: {
      "icon-image": "factory",
      "icon-allow-overlap": true,
      "icon-padding": 0,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 6, 0.45, 10, 0.9],
    },
  }, "stations");
  map.on("click", "facilities", (event) => {
    // where a station lies on top, the station is meant
    if (map.queryRenderedFeatures(event.point, { layers: ["stations"] }).length) return;
    const [{ geometry, properties }] = event.features;
    popup.setLngLat(geometry.coordinates).setDOMContent(card(properties)).addTo(map);
  });
  map.on("mouseenter", "facilities", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "facilities", () => (map.getCanvas().style.cursor = ""));
  const shape = document.createElement("span");
  shape.className = "gb-symbol gb-symbol--facility";
  map.addControl(control(map, shape), "bottom-right");
  list(map, found, still);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
