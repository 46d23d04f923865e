/**
 * <stadt-map>: draws the list that it contains on a map, and keeps both in step.
 *
 * The server writes one <details data-layer> per layer with an <li data-key data-geometry data-state> per feature.
 * Attributes: data-label, data-bbox (west,south,east,north), data-refresh (seconds), data-outlines (GeoJSON address),
 * data-basemap (style address), data-attribution, data-legend; on a layer: data-kind, data-shape, data-source,
 * data-hidden, data-follow (its source is asked again for the box in view). Without script or WebGL the list stays as it is. The script sets data-ready when the map is there and
 * data-grounded when the outlines are drawn.
 */
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import {
  AttributionControl,
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapLibreMap,
  type MapGeoJSONFeature,
  type MapMouseEvent,
  NavigationControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

import { clock, word } from "../words";
import { controls } from "./controls";
import { addLayer, addOutlines, clickable, plainStyle, setVisible, updateFeatures } from "./drawing";
import { type StadtFeature, readCollection } from "./features";
import { boundsOf, labelPoint, readBounds, spansMost } from "./geometry";
import { drawImage } from "./images";
import { LayerList } from "./layerlist";
import { element } from "./list";
import { mapLocale } from "./locale";
import { type Palette, palette } from "./palette";
import { FeaturePopup } from "./popup";

setWorkerUrl(workerUrl);

const CLOSE_ZOOM = 14.5;
const FARTHEST_ZOOM = 8;
const FOLLOW_AFTER_MS = 250;

class StadtMap extends HTMLElement {
  private layers: LayerList[] = [];
  private map: MapLibreMap | null = null;
  private popup: FeaturePopup | null = null;
  private outlines: FeatureCollection | null = null;
  private status = element("p", "map__status");
  private timer: number | undefined;
  private following: number | undefined;
  private isPlain = true;
  /** The style takes our layers; MapLibre's isStyleLoaded() is also false while any source still loads. */
  private takesLayers = false;
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");
  private readonly changeScheme = (): void => this.restyle();

  connectedCallback(): void {
    if (this.map) return;
    const lists = [...this.querySelectorAll<HTMLDetailsElement>("[data-layer]")];
    this.layers = lists.map((list, place) => new LayerList(list, place, (feature, from) => this.show(feature, from)));
    if (!canDraw()) {
      this.status.textContent = word("noWebgl");
      this.prepend(this.status);
      this.startRefreshing();
      return;
    }
    this.build();
    this.startRefreshing();
  }

  disconnectedCallback(): void {
    window.clearInterval(this.timer);
    window.clearTimeout(this.following);
    this.dark.removeEventListener("change", this.changeScheme);
    this.map?.remove();
    this.map = null;
  }

  private get colours(): Palette {
    return palette(this.dark.matches);
  }

  private build(): void {
    const stage = element("div", "map__stage");
    const canvas = element("div", "map__canvas");
    const panel = controls(this.layers, this.hasAttribute("data-legend"), (layer) => this.toggle(layer));
    stage.append(canvas, panel, this.status);
    this.prepend(stage);
    this.setAttribute("data-ready", "");
    this.isPlain = !this.dataset.basemap;
    const map = new MapLibreMap({
      container: canvas,
      style: this.dataset.basemap ?? plainStyle(this.colours),
      bounds: this.startBounds(),
      fitBoundsOptions: { padding: 24, maxZoom: CLOSE_ZOOM },
      minZoom: FARTHEST_ZOOM,
      maxZoom: 19,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      cooperativeGestures: true,
      attributionControl: false,
      locale: mapLocale(this.dataset.label ?? word("map")),
    });
    this.map = map;
    this.popup = new FeaturePopup(map, (key) => this.layers.find((layer) => layer.focusItem(key)));
    map.touchZoomRotate.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    if (this.dataset.attribution) {
      map.addControl(new AttributionControl({ compact: false, customAttribution: this.dataset.attribution }));
    }
    map.setMissingStyleImageResolver((name) => {
      const ratio = Math.min(3, Math.max(2, window.devicePixelRatio));
      const image = drawImage(name, this.colours, ratio);
      if (image && !map.hasImage(name)) map.addImage(name, image, { pixelRatio: ratio });
    });
    map.on("style.load", () => this.draw());
    map.on("error", () => this.fallBack());
    map.on("click", (event) => void this.pick(event));
    map.on("moveend", () => this.followView());
    map.on("mousemove", (event) => {
      map.getCanvas().style.cursor = this.under(event) ? "pointer" : "";
    });
    this.dark.addEventListener("change", this.changeScheme);
    void this.loadOutlines();
  }

  private startBounds(): LngLatBoundsLike {
    const shown = this.layers.filter((layer) => layer.visible).flatMap((layer) => layer.features);
    const found = boundsOf(shown.map((feature) => feature.geometry));
    const city = readBounds(this.dataset.bbox ?? "");
    const start = found && city && this.dataset.outlines && spansMost(found, city) ? city : (found ?? city);
    const [west, south, east, north] = start ?? [5.8, 47.2, 15.1, 55.1];
    return [west, south, east, north];
  }

  private restyle(): void {
    if (!this.isPlain) return;
    this.takesLayers = false;
    this.map?.setStyle(plainStyle(this.colours), { diff: false });
  }

  /** A base map that cannot be loaded is replaced by the plain ground, once. */
  private fallBack(): void {
    if (this.isPlain || this.takesLayers) return;
    this.isPlain = true;
    this.say(word("noBasemap"));
    this.restyle();
  }

  private draw(): void {
    const map = this.map;
    if (!map) return;
    this.takesLayers = true;
    this.drawOutlines();
    for (const layer of [...this.layers].sort((one, other) => rank(one) - rank(other))) {
      if (!map.getSource(layer.key)) addLayer(map, layer, this.colours);
    }
  }

  private async loadOutlines(): Promise<void> {
    const address = this.dataset.outlines;
    if (!address) return;
    try {
      const answer = await fetch(address);
      if (!answer.ok) return;
      this.outlines = (await answer.json()) as FeatureCollection;
    } catch {
      return; // the map stays useful without outlines
    }
    if (this.takesLayers) this.restack();
  }

  /** Outlines that arrive late still belong below everything else. */
  private restack(): void {
    const map = this.map;
    if (!map || map.getSource("outlines")) return;
    this.drawOutlines();
    for (const id of map.getStyle().layers.map((layer) => layer.id)) {
      if (this.layers.some((layer) => id.startsWith(`${layer.key}|`))) map.moveLayer(id);
    }
  }

  private drawOutlines(): void {
    if (!this.map || !this.outlines) return;
    addOutlines(this.map, this.outlines, this.colours, !this.isPlain);
    this.setAttribute("data-grounded", "");
  }

  private toggle(layer: LayerList): void {
    if (this.map) setVisible(this.map, layer.key, layer.visible);
    if (!layer.visible) this.popup?.close();
  }

  private under(event: MapMouseEvent): MapGeoJSONFeature | undefined {
    const map = this.map;
    return map?.queryRenderedFeatures(event.point, { layers: clickable(map, this.layers) })[0];
  }

  private async pick(event: MapMouseEvent): Promise<void> {
    const map = this.map;
    const hit = this.under(event);
    if (!map || !hit) return;
    const layer = this.layers.find((candidate) => candidate.key === hit.source);
    if (hit.properties.count !== undefined && hit.geometry.type === "Point") {
      const [longitude = 0, latitude = 0] = hit.geometry.coordinates;
      map.easeTo({ center: [longitude, latitude], zoom: map.getZoom() + 2 });
      return;
    }
    if (hit.properties.point_count !== undefined && hit.geometry.type === "Point") {
      const source = map.getSource<GeoJSONSource>(hit.source);
      const zoom = await source?.getClusterExpansionZoom(Number(hit.properties.cluster_id));
      const [longitude = 0, latitude = 0] = hit.geometry.coordinates;
      map.easeTo({ center: [longitude, latitude], zoom: zoom ?? map.getZoom() + 2 });
      return;
    }
    const feature = layer?.find(String(hit.properties.key));
    if (!feature) return;
    layer?.mark(feature.properties.key);
    const at = feature.geometry.type === "Point" ? feature.geometry.coordinates : event.lngLat.toArray();
    this.popup?.open(feature, at, null);
  }

  private show(feature: StadtFeature, from: HTMLElement): void {
    const map = this.map;
    const at = labelPoint(feature.geometry);
    if (!map || !at) return;
    for (const layer of this.layers) layer.mark(feature.properties.key);
    const [longitude = 0, latitude = 0] = at;
    map.easeTo({ center: [longitude, latitude], zoom: Math.max(map.getZoom(), CLOSE_ZOOM), essential: false });
    if (!isInView(this)) this.scrollIntoView({ block: "nearest" });
    this.popup?.open(feature, at, from);
  }

  private startRefreshing(): void {
    const sources = this.layers.filter((layer) => layer.source);
    if (!sources.length) return;
    const empty = sources.filter((layer) => !layer.features.length);
    if (empty.length) void this.refresh(empty);
    const seconds = Number(this.dataset.refresh);
    if (seconds > 0) {
      this.timer = window.setInterval(() => {
        if (!document.hidden) void this.refresh(sources);
      }, seconds * 1000);
    }
  }

  private followView(): void {
    const layers = this.layers.filter((layer) => layer.follows && layer.visible);
    if (!layers.length) return;
    window.clearTimeout(this.following);
    this.following = window.setTimeout(() => void this.refresh(layers), FOLLOW_AFTER_MS);
  }

  private addressOf(layer: LayerList): string {
    if (!layer.follows || !this.map) return layer.source;
    const address = new URL(layer.source, location.href);
    const [[west, south], [east, north]] = this.map.getBounds().toArray();
    address.searchParams.set("bbox", [west, south, east, north].map((degree) => degree.toFixed(5)).join(","));
    return address.toString();
  }

  private lastGood = new Date();

  private async refresh(layers: LayerList[]): Promise<void> {
    try {
      for (const layer of layers) {
        const address = this.addressOf(layer);
        const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        if (address !== this.addressOf(layer)) continue; // the view moved on meanwhile and asks by itself
        layer.replace(readCollection(await answer.json()));
        if (this.map) updateFeatures(this.map, layer);
      }
      this.lastGood = new Date();
      this.say(word("asOf", { time: clock(this.lastGood) }));
    } catch {
      this.say(word("stale", { time: clock(this.lastGood) }));
    }
  }

  private say(text: string): void {
    this.status.textContent = text;
  }
}

function rank(layer: LayerList): number {
  return layer.kind === "points" ? 1 : 0;
}

function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

function isInView(block: HTMLElement): boolean {
  const { top, bottom } = block.getBoundingClientRect();
  return top >= 0 && bottom <= window.innerHeight;
}

customElements.define("stadt-map", StadtMap);
