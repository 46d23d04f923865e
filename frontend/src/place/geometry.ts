/** Small steps and distances on the map (WGS 84, longitude first), good enough within a city. */

export interface Point {
  lon: number;
  lat: number;
}

const METRES_PER_DEGREE = 111_320;

/** The point that lies so many metres east and north of another. */
export function move({ lon, lat }: Point, east: number, north: number): Point {
  const shrink = Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return { lon: lon + east / (METRES_PER_DEGREE * shrink), lat: lat + north / METRES_PER_DEGREE };
}

/** Metres between two points. */
export function distance(one: Point, other: Point): number {
  const shrink = Math.cos((one.lat * Math.PI) / 180);
  return Math.hypot((other.lon - one.lon) * shrink, other.lat - one.lat) * METRES_PER_DEGREE;
}

export type Step = readonly [east: number, north: number];

/** Metres that a key moves the pin: 5, with Shift 50; null for every other key. */
export function stepOf(key: string, isFar: boolean): Step | null {
  const metres = isFar ? 50 : 5;
  const steps: Record<string, Step> = {
    ArrowLeft: [-metres, 0],
    ArrowRight: [metres, 0],
    ArrowUp: [0, metres],
    ArrowDown: [0, -metres],
  };
  return steps[key] ?? null;
}

/** Reads "51.5172, 7.0857" and "51,5172 7,0857" (latitude first, as maps print it); null for anything else. */
export function readPoint(text: string): Point | null {
  const found = /^\s*(-?\d{1,2}[.,]\d{2,})\s*[,;\s]\s*(-?\d{1,3}[.,]\d{2,})\s*$/.exec(text);
  if (!found) return null;
  const [lat, lon] = [found[1], found[2]].map((part) => Number((part ?? "").replace(",", ".")));
  if (lat === undefined || lon === undefined || Math.abs(lat) > 90 || Math.abs(lon) > 180) return null;
  return { lon, lat };
}

/** Six decimals are a tenth of a metre. */
export function written(degrees: number): string {
  return degrees.toFixed(6);
}
