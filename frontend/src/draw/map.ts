/** The map of the drawing field: corners set by tap, click or at the crosshair, moved by mouse, finger or arrow keys. */
import type { FeatureCollection, Position } from "geojson";
import { type GeoJSONSource, Marker } from "maplibre-gl";

import { positions } from "../map/geometry";
import { type Ground, GroundMap } from "../map/ground";
import { element } from "../map/list";
import { move, stepOf } from "../place/geometry";
import { word } from "../words";
import type { Sketch } from "./sketch";
import { asPolygon } from "./sketch";

/** What the drawing field does when something happens on the map. */
export interface Hand {
  set(corner: Position): void;
  move(place: number, to: Position): void;
  close(): void;
}

export class SketchMap extends GroundMap {
  private markers: Marker[] = [];
  private sketch: Sketch | null = null;
  private isDragging = false;

  constructor(
    container: HTMLElement,
    ground: Ground,
    private readonly hand: Hand,
  ) {
    super(container, ground);
    const crosshair = element("span", "draw__crosshair");
    crosshair.setAttribute("aria-hidden", "true");
    container.append(crosshair);
    this.map.doubleClickZoom.disable();
    this.map.on("click", (event) => this.hand.set(event.lngLat.toArray()));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault(); // or Enter sends the form
      this.hand.set(this.middle());
    });
  }

  middle(): Position {
    return this.map.getCenter().toArray();
  }

  focus(): void {
    this.map.getCanvas().focus();
  }

  /** Draws the corners; `isNew` also moves the map there. */
  show(sketch: Sketch, isNew = false): void {
    this.sketch = sketch;
    if (!this.isDragging) this.placeMarkers(sketch);
    this.draw();
    const polygon = isNew ? asPolygon(sketch) : null;
    if (!polygon) return;
    const [lons, lats] = [0, 1].map((axis) => positions(polygon).map((corner) => corner[axis] ?? 0));
    if (!lons || !lats) return;
    const bounds: [number, number, number, number] = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
    this.map.fitBounds(bounds, { padding: 48, maxZoom: 17, animate: false });
  }

  protected override styled(): void {
    if (!this.map.getSource("sketch")) {
      this.map.addSource("sketch", { type: "geojson", data: features(this.sketch) });
      this.map.addLayer({ id: "sketch-fill", type: "fill", source: "sketch", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": this.colours.layers[0] ?? "#2044aa", "fill-opacity": 0.2 } });
      this.map.addLayer({ id: "sketch-line", type: "line", source: "sketch", paint: { "line-color": this.colours.layers[0] ?? "#2044aa", "line-width": 3 } });
    } else {
      this.map.moveLayer("sketch-fill");
      this.map.moveLayer("sketch-line");
    }
    this.draw();
  }

  private draw(): void {
    this.map.getSource<GeoJSONSource>("sketch")?.setData(features(this.sketch));
  }

  private placeMarkers({ corners, isClosed }: Sketch): void {
    while (this.markers.length > corners.length) this.markers.pop()?.remove();
    corners.forEach(([lon = 0, lat = 0], place) => {
      const marker = (this.markers[place] ??= this.makeMarker(place));
      marker.setLngLat([lon, lat]).addTo(this.map);
      const mayClose = place === 0 && !isClosed && corners.length > 2;
      const label = word(mayClose ? "drawFirstCorner" : "drawCorner", { number: String(place + 1) });
      marker.getElement().setAttribute("aria-label", label);
      marker.getElement().toggleAttribute("data-closes", mayClose);
    });
  }

  private makeMarker(place: number): Marker {
    const handle = element("button", "draw__corner");
    handle.type = "button";
    const marker = new Marker({ element: handle, draggable: true });
    const tell = (): void => this.hand.move(place, marker.getLngLat().toArray());
    marker.on("dragstart", () => (this.isDragging = true));
    marker.on("drag", tell);
    marker.on("dragend", () => {
      this.isDragging = false;
      tell();
    });
    handle.addEventListener("click", (event) => {
      event.stopPropagation(); // or the map sets another corner here
      if (place === 0) this.hand.close();
    });
    handle.addEventListener("keydown", (event) => {
      const step = stepOf(event.key, event.shiftKey);
      if (!step) return;
      event.preventDefault();
      event.stopPropagation(); // or the map moves too
      const { lng, lat } = marker.getLngLat();
      const next = move({ lon: lng, lat }, ...step);
      this.hand.move(place, [next.lon, next.lat]);
      if (!this.map.getBounds().contains([next.lon, next.lat])) this.map.panTo([next.lon, next.lat]);
    });
    return marker;
  }
}

function features(sketch: Sketch | null): FeatureCollection {
  const polygon = sketch && asPolygon(sketch);
  const corners = sketch ? [...sketch.corners] : [];
  const open = corners.length > 1 ? ({ type: "LineString", coordinates: corners } as const) : null;
  const geometry = polygon ?? open;
  return { type: "FeatureCollection", features: geometry ? [{ type: "Feature", properties: {}, geometry }] : [] };
}
