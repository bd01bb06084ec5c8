// The base map: our own light vector layer, always there, and the tiles of another while the browser is online.
import { colour } from "./words.js";

const BASE = new URL("../basemap.json", import.meta.url).href;
const NATURAL_EARTH = "Natural Earth";

// Returns the paint properties by layer, in the colours that hold now.
export function paints() {
  const text = { "text-color": colour("--gb-map-label"), "text-halo-color": colour("--gb-map-halo") };
  const strong = colour("--basis-color-default-color-document");
  return {
    water: { "background-color": colour("--gb-map-water") },
    land: { "fill-color": ["case", ["get", "home"], colour("--gb-map-land"), colour("--gb-map-abroad")] },
    province: { "line-color": colour("--gb-map-province"), "line-width": 1, "line-dasharray": [3, 2] },
    border: { "line-color": colour("--gb-map-border"), "line-width": 0.9 },
    place: { ...text, "text-halo-width": 1.3 },
    names: { "text-color": strong, "text-halo-color": colour("--gb-map-halo"), "text-halo-width": 1.8 },
    chosen: {
      "circle-color": colour("--basis-focus-bg"),
      "circle-stroke-color": colour("--basis-color-default-color-document"),
      "circle-stroke-width": 2,
    },
  };
}

const layer = (id, type, rest = {}) => ({
  id,
  type,
  source: "base",
  filter: ["==", ["get", "layer"], id],
  paint: paints()[id],
  ...rest,
});

// Returns the layer with our own names of places, for when no tiles bring theirs.
export function places() {
  return layer("place", "symbol", {
    filter: [
      "all",
      ["==", ["get", "layer"], "place"],
      ["<=", ["get", "rank"], ["step", ["zoom"], 1, 7, 2, 8.5, 3, 10, 4]],
    ],
    layout: {
      "text-field": ["get", "name"],
      "text-size": ["interpolate", ["linear"], ["zoom"], 6, 11.5, 11, 14],
      "symbol-sort-key": ["get", "rank"],
      "text-padding": 6,
    },
  });
}

// Returns the style; `tilesUrl` and `tilesAttribution` come from the element of the map.
export function baseStyle({ tilesUrl = "", tilesAttribution = "" }) {
  const tiles = Boolean(tilesUrl) && navigator.onLine;
  const style = {
    version: 8,
    sources: { base: { type: "geojson", data: BASE, attribution: NATURAL_EARTH } },
    layers: [
      { id: "water", type: "background", paint: paints().water },
      layer("land", "fill"),
      layer("province", "line"),
      layer("border", "line"),
    ],
  };
  if (tiles) {
    style.sources.tiles = {
      type: "raster",
      tiles: [tilesUrl],
      tileSize: 256,
      minzoom: 6,
      maxzoom: 19,
      bounds: [3.2, 50.7, 7.3, 53.6],
      attribution: tilesAttribution,
    };
    style.layers.push({ id: "tiles", type: "raster", source: "tiles", minzoom: 6 });
  } else {
    style.layers.push(places());
  }
  return style;
}
