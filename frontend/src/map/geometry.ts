/** Extents and label points of GeoJSON geometries (WGS 84, longitude first). */
import type { Geometry, Position } from "geojson";

/** West, south, east, north in degrees. */
export type Bounds = readonly [number, number, number, number];

export function positions(geometry: Geometry): Position[] {
  switch (geometry.type) {
    case "Point":
      return [geometry.coordinates];
    case "MultiPoint":
    case "LineString":
      return geometry.coordinates;
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates.flat();
    case "MultiPolygon":
      return geometry.coordinates.flat(2);
    case "GeometryCollection":
      return geometry.geometries.flatMap(positions);
  }
}

export function boundsOf(geometries: Iterable<Geometry>): Bounds | null {
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  for (const geometry of geometries) {
    for (const [longitude, latitude] of positions(geometry)) {
      if (longitude === undefined || latitude === undefined) continue;
      west = Math.min(west, longitude);
      east = Math.max(east, longitude);
      south = Math.min(south, latitude);
      north = Math.max(north, latitude);
    }
  }
  return west <= east ? [west, south, east, north] : null;
}

export function readBounds(text: string): Bounds | null {
  const [west, south, east, north] = text.split(",").map(Number);
  if (west === undefined || south === undefined || east === undefined || north === undefined) return null;
  return [west, south, east, north].every(Number.isFinite) ? [west, south, east, north] : null;
}

/** Whether an extent fills more than half of another's width or height. */
export function spansMost([west, south, east, north]: Bounds, other: Bounds): boolean {
  return east - west > (other[2] - other[0]) / 2 || north - south > (other[3] - other[1]) / 2;
}

/** The point itself, the middle vertex of a line, the centre of mass of an area's largest ring. */
export function labelPoint(geometry: Geometry): Position | null {
  if (geometry.type === "Polygon") return ringCentre(geometry.coordinates[0] ?? []);
  if (geometry.type === "MultiPolygon") {
    const rings = geometry.coordinates.map((polygon) => polygon[0] ?? []);
    const largest = rings.reduce<Position[]>((best, ring) => (Math.abs(area(ring)) > Math.abs(area(best)) ? ring : best), []);
    return ringCentre(largest);
  }
  const all = positions(geometry);
  return all[Math.floor(all.length / 2)] ?? null;
}

function cross(ring: Position[], place: number): number {
  const [x1 = 0, y1 = 0] = ring[place] ?? [];
  const [x2 = 0, y2 = 0] = ring[place + 1] ?? [];
  return x1 * y2 - x2 * y1;
}

function area(ring: Position[]): number {
  let doubled = 0;
  for (let place = 0; place + 1 < ring.length; place += 1) doubled += cross(ring, place);
  return doubled / 2;
}

function ringCentre(ring: Position[]): Position | null {
  const size = area(ring);
  if (size === 0) return ring[0] ?? null;
  let x = 0;
  let y = 0;
  for (let place = 0; place + 1 < ring.length; place += 1) {
    const [x1 = 0, y1 = 0] = ring[place] ?? [];
    const [x2 = 0, y2 = 0] = ring[place + 1] ?? [];
    const weight = cross(ring, place);
    x += (x1 + x2) * weight;
    y += (y1 + y2) * weight;
  }
  return [x / (6 * size), y / (6 * size)];
}
