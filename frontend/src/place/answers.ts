/** What the city's addresses answer, read with care: whatever is not as expected is left out. */
import type { Point } from "./geometry";

export interface Spot extends Point {
  name: string;
  area: string;
  asset: string;
  isSimulated: boolean;
}

type Json = Record<string, unknown>;

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function areaOf(item: Json): string {
  const known = [item["quarter"], item["district"]].map((area) =>
    text(area && typeof area === "object" ? (area as Json)["name"] : area),
  );
  return known.find((name) => name !== "") ?? "";
}

function spotOf(value: unknown): Spot | null {
  if (!value || typeof value !== "object") return null;
  const item = value as Json;
  const name = text(item["name"]) || text(item["label"]);
  const { lon, lat } = item as { lon?: unknown; lat?: unknown };
  if (!name || typeof lon !== "number" || typeof lat !== "number") return null;
  return { name, area: areaOf(item), asset: text(item["asset"]), isSimulated: item["is_simulated"] === true, lon, lat };
}

/** The spots of an answer such as `{"spots": [{"name", "lon", "lat", "quarter"}]}`, at most `most`. */
export function readSpots(answer: unknown, most = 8): Spot[] {
  if (!answer || typeof answer !== "object") return [];
  const lists = Object.values(answer as Json).filter(Array.isArray);
  const items: unknown[] = lists[0] ?? [];
  return items.map(spotOf).filter((spot): spot is Spot => spot !== null).slice(0, most);
}

/** What lies at a point: a sentence for the reader, and the address where there is one near. */
export interface Nearby {
  text: string;
  address: string;
  isInside: boolean;
}

export function readNearby(answer: unknown): Nearby | null {
  if (!answer || typeof answer !== "object") return null;
  const item = answer as Json;
  if ("place" in item) {
    const near = spotOf(item["place"]);
    return { text: near ? [near.name, near.area].filter(Boolean).join(", ") : "", address: near?.name ?? "", isInside: true };
  }
  return { text: text(item["text"]), address: text(item["address"]), isInside: item["is_inside"] !== false };
}
