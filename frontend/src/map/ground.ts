/** The bare map that pickers put their own things on: base map or plain ground, outlines, controls, words. */
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import { AttributionControl, Map as MapLibreMap, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

import { addOutlines, plainStyle } from "./drawing";
import { readBounds } from "./geometry";
import { drawImage } from "./images";
import { mapLocale } from "./locale";
import { palette } from "./palette";

setWorkerUrl(workerUrl);

export interface Ground {
  bbox?: string | undefined;
  basemap?: string | undefined;
  attribution?: string | undefined;
  outlines?: string | undefined;
  label: string;
}

export class GroundMap {
  protected readonly map: MapLibreMap;
  protected readonly colours = palette(matchMedia("(prefers-color-scheme: dark)").matches);
  private isPlain: boolean;

  constructor(
    container: HTMLElement,
    private readonly ground: Ground,
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
    this.map.on("style.load", () => {
      void this.outline();
      this.styled();
    });
    this.map.on("error", () => this.fallBack());
  }

  close(): void {
    this.map.remove();
  }

  /** Called when the style takes layers; again after it was replaced. */
  protected styled(): void {}

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
      if (this.map.getSource("outlines")) return;
      addOutlines(this.map, outlines, this.colours, !this.isPlain);
      this.styled();
    } catch {
      // the map can be used without outlines
    }
  }
}
