// The list beside the map follows the map: what is in view first, nearest on top, the rest in a fold. "In my
// neighbourhood" asks the browser where the reader is; that place stays in this page and goes to nobody.
import { number, words } from "./words.js";

const EARTH = 6371; // mean radius [km]
const CLOSE = 12; // zoom at which a neighbourhood is shown
const radians = (degrees) => (degrees * Math.PI) / 180;

// Returns the distance over a sphere between two places, as the server reckons it. [km]
export function distance([x, y], [x2, y2]) {
  const half =
    Math.sin(radians(y2 - y) / 2) ** 2 +
    Math.cos(radians(y)) * Math.cos(radians(y2)) * Math.sin(radians(x2 - x) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(half));
}

function fold(list) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const rest = document.createElement("ul");
  details.className = "gb-elsewhere";
  rest.dataset.stationList = "";
  details.append(summary, rest);
  list.after(details);
  return { details, summary, rest };
}

class Nearby {
  constructor(map, points, list) {
    this.map = map;
    this.list = list;
    this.places = new Map(points.map((point) => [point.properties.id, point.geometry.coordinates]));
    this.items = [...list.querySelectorAll("[data-station]")];
    this.nothing = document.createElement("li");
    this.nothing.textContent = words.noneInView;
    this.elsewhere = fold(list);
    this.here = null;
    this.arrange();
    map.on("moveend", () => this.arrange());
  }

  // An item that has the focus is not moved from under the reader.
  arrange() {
    const parts = [this.list, this.elsewhere.details];
    if (parts.some((part) => part.contains(document.activeElement))) return;
    const view = this.map.getBounds();
    const { lng, lat } = this.map.getCenter();
    const from = this.here ?? [lng, lat];
    const far = (item) => (this.places.has(item.dataset.station) ? distance(from, this.places.get(item.dataset.station)) : Infinity);
    const seen = (item) => this.places.has(item.dataset.station) && view.contains(this.places.get(item.dataset.station));
    const sorted = [...this.items].sort((a, b) => far(a) - far(b));
    const inView = sorted.filter(seen);
    const rest = sorted.filter((item) => !seen(item));
    for (const item of this.items) this.tell(item, far(item));
    this.list.replaceChildren(...(inView.length ? inView : [this.nothing]));
    this.elsewhere.rest.replaceChildren(...rest);
    this.elsewhere.summary.textContent = `${words.elsewhere} (${rest.length})`;
    this.elsewhere.details.hidden = rest.length === 0;
  }

  // Only from the reader's own place is a distance said: the middle of the map means nothing to anyone.
  tell(item, far) {
    item.querySelector(".gb-distance")?.remove();
    if (!this.here || !Number.isFinite(far)) return;
    const said = document.createElement("span");
    said.className = "gb-distance gb-muted";
    said.textContent = ` ${number(far, far < 10 ? 1 : 0)} km`;
    item.querySelector("a").after(said);
  }
}

// Returns the button with its promise, for pages in a browser that knows its place.
function button(element, ask) {
  const box = document.createElement("div");
  box.className = "gb-nearby";
  const press = document.createElement("button");
  press.type = "button";
  press.className = "nl-button nl-button--secondary";
  const label = document.createElement("span");
  label.className = "nl-button__label";
  label.textContent = words.nearMe;
  press.append(label);
  const promise = document.createElement("p");
  promise.className = "gb-muted";
  promise.textContent = element.dataset.tilesUrl ? `${words.nearMePrivate} ${words.nearMeTiles}` : words.nearMePrivate;
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  press.addEventListener("click", () => ask(status));
  box.append(press, promise, status);
  return box;
}

export function addNearby(element, map, points) {
  const list = document.querySelector("[data-station-list]");
  if (!list || !points.length) return;
  const nearby = new Nearby(map, points, list);
  if (!navigator.geolocation) return;
  const found = (status) => ({ coords }) => {
    nearby.here = [coords.longitude, coords.latitude];
    status.textContent = words.nearMeDone;
    map.jumpTo({ center: nearby.here, zoom: Math.min(CLOSE, Math.max(map.getZoom(), 11)) });
    nearby.arrange();
  };
  const lost = (status) => () => (status.textContent = words.nearMeFails);
  element.before(
    button(element, (status) => {
      status.textContent = words.nearMeAsks;
      navigator.geolocation.getCurrentPosition(found(status), lost(status), { timeout: 20_000, maximumAge: 60_000 });
    }),
  );
}
