/** An area while it is drawn: corners in their order, closed or still open. No map, no page. WGS 84, longitude first. */
import type { Polygon, Position } from "geojson";

export interface Sketch {
  readonly corners: readonly Position[];
  readonly isClosed: boolean;
}

export const EMPTY: Sketch = { corners: [], isClosed: false };
export const FEWEST = 3;
export const MOST = 200;
const METRES_PER_DEGREE = 111_320;

export function add({ corners, isClosed }: Sketch, corner: Position): Sketch {
  if (isClosed || corners.length >= MOST) return { corners, isClosed };
  return { corners: [...corners, rounded(corner)], isClosed };
}

/** Opens a closed area, else takes the last corner away. */
export function undo({ corners, isClosed }: Sketch): Sketch {
  return isClosed ? { corners, isClosed: false } : { corners: corners.slice(0, -1), isClosed: false };
}

export function close(sketch: Sketch): Sketch {
  return canClose(sketch) ? { ...sketch, isClosed: true } : sketch;
}

export function canClose({ corners, isClosed }: Sketch): boolean {
  return !isClosed && corners.length >= FEWEST && !crossesItself(corners, true);
}

export function moveCorner({ corners, isClosed }: Sketch, place: number, to: Position): Sketch {
  return { corners: corners.map((corner, at) => (at === place ? rounded(to) : corner)), isClosed };
}

/** The GeoJSON of a closed area whose border does not cross itself; null for anything else. */
export function asPolygon({ corners, isClosed }: Sketch): Polygon | null {
  const [first] = corners;
  if (!isClosed || !first || corners.length < FEWEST || crossesItself(corners, true)) return null;
  return { type: "Polygon", coordinates: [[...corners, first]] };
}

/** Reads what `asPolygon` wrote; null for other texts and for areas with holes or several parts, which stay text. */
export function readSketch(text: string): Sketch | null {
  if (!text.trim()) return EMPTY;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  const { type, coordinates } = (found ?? {}) as { type?: unknown; coordinates?: unknown };
  if (type !== "Polygon" || !Array.isArray(coordinates) || coordinates.length !== 1) return null;
  const ring: unknown = coordinates[0];
  if (!Array.isArray(ring) || ring.length <= FEWEST || ring.length > MOST + 1 || !ring.every(isPosition)) return null;
  return { corners: ring.slice(0, -1), isClosed: true };
}

function isPosition(value: unknown): value is Position {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "number" && Number.isFinite(part));
}

/** Square metres inside, good enough within a city. */
export function squareMetres(corners: readonly Position[]): number {
  const [, south = 0] = corners[0] ?? [];
  const shrink = Math.cos((south * Math.PI) / 180);
  let doubled = 0;
  corners.forEach(([x = 0, y = 0], place) => {
    const [nextX = 0, nextY = 0] = corners[(place + 1) % corners.length] ?? [];
    doubled += x * nextY - nextX * y;
  });
  return Math.abs(doubled / 2) * METRES_PER_DEGREE ** 2 * shrink;
}

/** Whether two sides of the border cross; `isRing` counts the side from the last corner to the first. */
export function crossesItself(corners: readonly Position[], isRing: boolean): boolean {
  const count = isRing ? corners.length : corners.length - 1;
  for (let one = 0; one < count; one += 1) {
    for (let other = one + 2; other < count; other += 1) {
      if (isRing && one === 0 && other === count - 1) continue; // neighbours at the first corner
      if (cross(at(corners, one), at(corners, one + 1), at(corners, other), at(corners, other + 1))) return true;
    }
  }
  return false;
}

function at(corners: readonly Position[], place: number): Position {
  return corners[place % corners.length] ?? [0, 0];
}

function side([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position, [cx = 0, cy = 0]: Position): number {
  return Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
}

function cross(a: Position, b: Position, c: Position, d: Position): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** Six decimals are a tenth of a metre. */
function rounded([x = 0, y = 0]: Position): Position {
  return [Number(x.toFixed(6)), Number(y.toFixed(6))];
}
