/** The map of the place picker: one pin that is tapped, dragged or moved with the arrow keys. */
import { Marker } from "maplibre-gl";

import { type Ground, GroundMap } from "../map/ground";
import { element } from "../map/list";
import { word } from "../words";
import { type Point, move, stepOf } from "./geometry";

const CLOSE_ZOOM = 16;

export class PinMap extends GroundMap {
  private pin: Marker | null = null;

  constructor(
    container: HTMLElement,
    ground: Ground,
    private readonly moved: (point: Point) => void,
  ) {
    super(container, ground);
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
}
