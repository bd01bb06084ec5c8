// The frame of every map: MapLibre with our own base map, words and buttons, turned to the north.
import * as maplibre from "../../vendor/maplibre-gl/maplibre-gl.mjs";
import { baseStyle } from "./base-map.js";
import { language } from "./words.js";

maplibre.setWorkerUrl(new URL("../../vendor/maplibre-gl/maplibre-gl-worker.mjs", import.meta.url).href);

const LOCALE = {
  nl: {
    "AttributionControl.ToggleAttribution": "Toon of verberg de bronnen",
    "Map.Title": "Kaart",
    "NavigationControl.ZoomIn": "Inzoomen",
    "NavigationControl.ZoomOut": "Uitzoomen",
    "Popup.Close": "Sluit",
    "ScaleControl.Meters": "m",
    "ScaleControl.Kilometers": "km",
    "CooperativeGesturesHandler.WindowsHelpText": "Houd Ctrl ingedrukt en scroll om in te zoomen",
    "CooperativeGesturesHandler.MacHelpText": "Houd ⌘ ingedrukt en scroll om in te zoomen",
    "CooperativeGesturesHandler.MobileHelpText": "Verschuif de kaart met twee vingers",
  },
  en: {},
};
const REACH = [-2, 48.6, 12, 55.9]; // what our own base map holds, tools/natural_earth.py
export const still = matchMedia("(prefers-reduced-motion: reduce)");

export async function json(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

// Returns a map in the element that shows these bounds: west, south, east, north.
export function frame(element, bounds, padding, label) {
  const map = new maplibre.Map({
    container: element,
    style: baseStyle(element.dataset),
    bounds,
    fitBoundsOptions: { padding, maxZoom: 13 },
    maxBounds: REACH,
    maxZoom: 17,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: { compact: true },
    locale: LOCALE[language],
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    fadeDuration: still.matches ? 0 : 200,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.getCanvas().setAttribute("aria-label", label);
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 90 }), "bottom-right");
  return map;
}

// Returns a box that opens at a place on the map.
export const popup = () => new maplibre.Popup({ offset: 14, maxWidth: "18rem", focusAfterOpen: false });

// Says in the place of a map why it is not there.
export function fail(element, text) {
  const paragraph = document.createElement("p");
  paragraph.className = "gb-map__fail";
  paragraph.textContent = text;
  element.replaceChildren(paragraph);
  document.documentElement.dataset.mapReady = "0";
}
