/** Sources and layers of the map's style: outlines below, then areas, then points with their clusters. */
import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, GeoJSONSource, Map as MapLibreMap, StyleSpecification } from "maplibre-gl";

import type { Shape, StadtFeature } from "./features";
import { labelPoint } from "./geometry";
import { layerColour, type Palette } from "./palette";

export type Kind = "points" | "areas" | "outline";

export interface DrawnLayer {
  key: string;
  kind: Kind;
  shape: Shape;
  place: number;
  visible: boolean;
  follows: boolean;
  features: StadtFeature[];
}

const CLUSTER_RADIUS = 42;
const LAST_CLUSTERED_ZOOM = 14;

export function plainStyle(colours: Palette): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": colours.ground } }],
  };
}

export function collection(features: StadtFeature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}

/** City and district outlines; `level` is "city" or "district". */
export function addOutlines(map: MapLibreMap, outlines: FeatureCollection, colours: Palette, hasBasemap: boolean): void {
  map.addSource("outlines", { type: "geojson", data: outlines });
  map.addSource("outline-labels", { type: "geojson", data: labels(outlines) });
  if (!hasBasemap) {
    map.addLayer({ id: "outline-land", type: "fill", source: "outlines", paint: { "fill-color": colours.land } });
  }
  const isCity: ExpressionSpecification = ["==", ["get", "level"], "city"];
  map.addLayer({
    id: "outline-lines",
    type: "line",
    source: "outlines",
    layout: { "line-join": "round" },
    paint: {
      "line-color": ["case", isCity, colours.outline, colours.border],
      "line-width": ["case", isCity, 2.5, 1.25],
    },
  });
  map.addLayer({
    id: "outline-labels",
    type: "symbol",
    source: "outline-labels",
    minzoom: 9.5,
    layout: { "icon-image": ["concat", "label|", ["get", "title"]], "icon-padding": 6 },
    paint: { "icon-opacity": 0.8 },
  });
}

function labels(outlines: FeatureCollection): FeatureCollection {
  const features = outlines.features.flatMap((feature) => {
    const at = feature.geometry && feature.properties?.level !== "city" ? labelPoint(feature.geometry) : null;
    return at ? [{ ...feature, geometry: { type: "Point" as const, coordinates: at } }] : [];
  });
  return { type: "FeatureCollection", features };
}

export function addLayer(map: MapLibreMap, layer: DrawnLayer, colours: Palette): void {
  if (layer.kind === "points") addPoints(map, layer);
  else addAreas(map, layer, colours);
  setVisible(map, layer.key, layer.visible);
}

function addPoints(map: MapLibreMap, layer: DrawnLayer): void {
  // A layer that follows the view comes with its clusters counted; all others are clustered here.
  const count = layer.follows ? "count" : "point_count";
  const shownCount = layer.follows ? "count" : "point_count_abbreviated";
  map.addSource(layer.key, {
    type: "geojson",
    data: collection(layer.features),
    cluster: !layer.follows,
    clusterRadius: CLUSTER_RADIUS,
    clusterMaxZoom: LAST_CLUSTERED_ZOOM,
  });
  map.addLayer({
    id: `${layer.key}|points`,
    type: "symbol",
    source: layer.key,
    filter: ["!", ["has", count]],
    layout: {
      "icon-ignore-placement": true,
      "icon-image": ["concat", `point|${layer.shape}|`, ["get", "state"], `|${layer.place}`],
      "icon-allow-overlap": true,
    },
  });
  map.addLayer({
    id: `${layer.key}|clusters`,
    type: "symbol",
    source: layer.key,
    filter: ["has", count],
    layout: {
      "icon-image": ["concat", "cluster|", ["to-string", ["get", shownCount]]],
      "icon-allow-overlap": true,
    },
  });
}

function addAreas(map: MapLibreMap, layer: DrawnLayer, colours: Palette): void {
  const base = layerColour(colours, layer.place);
  const { info, success, warning, danger } = colours.states;
  const colour: ExpressionSpecification = [
    "match",
    ["get", "state"],
    "info",
    info,
    "success",
    success,
    "warning",
    warning,
    "danger",
    danger,
    base,
  ];
  const marks = layer.features.flatMap((feature) => {
    const at = labelPoint(feature.geometry);
    return at ? [{ ...feature, geometry: { type: "Point" as const, coordinates: at } }] : [];
  });
  map.addSource(layer.key, { type: "geojson", data: collection(layer.features) });
  map.addSource(`${layer.key}|marks`, { type: "geojson", data: { type: "FeatureCollection", features: marks } });
  map.addLayer({
    id: `${layer.key}|fill`,
    type: "fill",
    source: layer.key,
    paint: { "fill-color": colour, "fill-opacity": ["match", ["get", "state"], "neutral", 0.08, 0.25] },
  });
  map.addLayer({ id: `${layer.key}|line`, type: "line", source: layer.key, paint: { "line-color": colour, "line-width": 2 } });
  map.addLayer({
    id: `${layer.key}|label`,
    type: "symbol",
    source: `${layer.key}|marks`,
    layout: { "icon-image": ["concat", "label|", ["get", "title"]], "icon-padding": 4 },
  });
}

const PARTS = ["points", "clusters", "fill", "line", "label"];

export function setVisible(map: MapLibreMap, key: string, visible: boolean): void {
  for (const part of PARTS) {
    const id = `${key}|${part}`;
    if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
  }
}

export function updateFeatures(map: MapLibreMap, layer: DrawnLayer): void {
  map.getSource<GeoJSONSource>(layer.key)?.setData(collection(layer.features));
}

/** The style's layers of ours that react to a click, topmost first. */
export function clickable(map: MapLibreMap, layers: readonly DrawnLayer[]): string[] {
  return layers
    .flatMap((layer) => ["clusters", "points", "fill"].map((part) => `${layer.key}|${part}`))
    .filter((id) => map.getLayer(id));
}
