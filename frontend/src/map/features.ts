/** The map's features: read from the list that the server wrote, or from a GeoJSON address. */
import type { Feature, FeatureCollection, Geometry } from "geojson";

export const STATES = ["neutral", "info", "success", "warning", "danger"] as const;
export type State = (typeof STATES)[number];
export const SHAPES = ["circle", "square", "triangle", "diamond"] as const;
export type Shape = (typeof SHAPES)[number];

export interface StadtProperties {
  key: string;
  title: string;
  text: string;
  value: string;
  url: string;
  state: State;
  state_label: string;
  simulated: boolean;
  /** How many things it stands for, where the server put several into one. */
  count?: number;
}
export type StadtFeature = Feature<Geometry, StadtProperties>;

export function asState(text: unknown): State {
  return STATES.find((state) => state === text) ?? "neutral";
}

export function asShape(text: unknown): Shape {
  return SHAPES.find((shape) => shape === text) ?? "circle";
}

/** Reads a FeatureCollection; features without geometry or of unknown form are left out. */
export function readCollection(document: unknown): StadtFeature[] {
  const collection = document as Partial<FeatureCollection> | null;
  if (collection?.type !== "FeatureCollection" || !Array.isArray(collection.features)) {
    throw new TypeError("This is no GeoJSON FeatureCollection.");
  }
  return collection.features.flatMap((feature, place) => (feature.geometry ? [readFeature(feature, place)] : []));
}

function readFeature(feature: Feature, place: number): StadtFeature {
  const given = feature.properties ?? {};
  const count = Number(given.count);
  const text = (name: string): string => (given[name] === null || given[name] === undefined ? "" : String(given[name]));
  return {
    type: "Feature",
    geometry: feature.geometry,
    properties: {
      key: text("key") || String(feature.id ?? place),
      title: text("title"),
      text: text("text"),
      value: text("value"),
      url: safeUrl(text("url")),
      state: asState(given.state),
      state_label: text("state_label"),
      simulated: given.simulated === true,
      ...(count > 1 ? { count } : {}),
    },
  };
}

/** Only addresses of web pages may become links. */
export function safeUrl(url: string): string {
  return /^(?:https?:\/\/|\/(?!\/)|#|\?)/.test(url) ? url : "";
}

/** A feature's items in the list carry its geometry; the other properties are read from their texts. */
export function readItem(item: HTMLElement): StadtFeature | null {
  const text = (selector: string): string => item.querySelector(selector)?.textContent?.trim() ?? "";
  let geometry: Geometry;
  try {
    geometry = JSON.parse(item.dataset.geometry ?? "") as Geometry;
  } catch {
    return null;
  }
  return {
    type: "Feature",
    geometry,
    properties: {
      key: item.dataset.key ?? "",
      title: text(".map__name"),
      text: text(".map__text"),
      value: text(".map__value"),
      url: item.querySelector<HTMLAnchorElement>(".map__name a")?.getAttribute("href") ?? "",
      state: asState(item.dataset.state),
      state_label: text(".badge"),
      simulated: item.dataset.simulated !== undefined,
    },
  };
}

/** The states that occur, each with the first word used for it, in the order of STATES. */
export function statesIn(features: Iterable<StadtFeature>): Array<readonly [State, string]> {
  const words = new Map<State, string>();
  for (const { properties } of features) {
    if (properties.state_label && !words.has(properties.state)) words.set(properties.state, properties.state_label);
  }
  return STATES.flatMap((state) => (words.has(state) ? [[state, words.get(state) ?? ""] as const] : []));
}
