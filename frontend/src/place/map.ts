/** The map of the place picker: one pin that is tapped, dragged or moved with the arrow keys. */
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import { AttributionControl, Map as MapLibreMap, Marker, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

import { addOutlines, plainStyle } from "../map/drawing";
import { readBounds } from "../map/geometry";
import { drawImage } from "../map/images";
import { element } from "../map/list";
import { mapLocale } from "../map/locale";
import { palette } from "../map/palette";
import { word } from "../words";
import { type Point, move, stepOf } from "./geometry";

setWorkerUrl(workerUrl);

const CLOSE_ZOOM = 16;

export interface Ground {
  bbox?: string | undefined;
  basemap?: string | undefined;
  attribution?: string | undefined;
  outlines?: string | undefined;
  label: string;
}

export class PinMap {
  private readonly map: MapLibreMap;
  private readonly colours = palette(matchMedia("(prefers-color-scheme: dark)").matches);
  private pin: Marker | null = null;
  private isPlain: boolean;

  constructor(
    container: HTMLElement,
    private readonly ground: Ground,
    private readonly moved: (point: Point) => void,
  ) {
    this.isPlain = !ground.basemap;
    const [west, south, east, north] = readBounds(ground.bbox ?? "") ?? [5.8, 47.2, 15.1, 55.1];
    this.map = new MapLibreMap({
      container,
      style: ground.basemap || plainStyle(this.colours),
      bounds: [west, south, east, north],
      fitBoundsOptions: { padding: 16 },
      minZoom: 8,
      maxZoom: 19,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      cooperativeGestures: true,
      attributionControl: false,
      locale: mapLocale(ground.label),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    if (ground.attribution) {
      this.map.addControl(new AttributionControl({ compact: false, customAttribution: ground.attribution }));
    }
    this.map.setMissingStyleImageResolver((name) => {
      const image = drawImage(name, this.colours, 2);
      if (image && !this.map.hasImage(name)) this.map.addImage(name, image, { pixelRatio: 2 });
    });
    this.map.on("style.load", () => void this.outline());
    this.map.on("error", () => this.fallBack());
    this.map.on("click", (event) => {
      const point = { lon: event.lngLat.lng, lat: event.lngLat.lat };
      this.put(point);
      this.moved(point);
    });
  }

  /** Sets the pin and moves the map there; null takes it away. */
  show(point: Point | null): void {
    if (!point) {
      this.pin?.remove();
      this.pin = null;
      return;
    }
    this.put(point);
    this.map.jumpTo({ center: [point.lon, point.lat], zoom: Math.max(this.map.getZoom(), CLOSE_ZOOM) });
  }

  close(): void {
    this.map.remove();
  }

  private put({ lon, lat }: Point): void {
    this.pin ??= this.makePin();
    this.pin.setLngLat([lon, lat]).addTo(this.map);
    this.pin.getElement().setAttribute("aria-label", word("placePin")); // MapLibre writes its own when it is added
  }

  private makePin(): Marker {
    const handle = element("button", "place__pin");
    handle.type = "button";
    const pin = new Marker({ element: handle, draggable: true, anchor: "bottom" });
    pin.on("dragend", () => this.tell(pin));
    handle.addEventListener("keydown", (event) => {
      const step = stepOf(event.key, event.shiftKey);
      if (!step) return;
      event.preventDefault();
      event.stopPropagation(); // or the map moves too
      const { lng, lat } = pin.getLngLat();
      const next = move({ lon: lng, lat }, ...step);
      pin.setLngLat([next.lon, next.lat]);
      if (!this.map.getBounds().contains([next.lon, next.lat])) this.map.panTo([next.lon, next.lat]);
      this.tell(pin);
    });
    handle.addEventListener("click", (event) => event.stopPropagation());
    return pin;
  }

  private tell(pin: Marker): void {
    const { lng, lat } = pin.getLngLat();
    this.moved({ lon: lng, lat });
  }

  private fallBack(): void {
    if (this.isPlain) return;
    this.isPlain = true;
    this.map.setStyle(plainStyle(this.colours), { diff: false });
  }

  private async outline(): Promise<void> {
    if (!this.ground.outlines || this.map.getSource("outlines")) return;
    try {
      const answer = await fetch(this.ground.outlines);
      if (!answer.ok) return;
      const outlines = (await answer.json()) as FeatureCollection;
      if (!this.map.getSource("outlines")) addOutlines(this.map, outlines, this.colours, !this.isPlain);
    } catch {
      // the pin can be set without outlines
    }
  }
}
