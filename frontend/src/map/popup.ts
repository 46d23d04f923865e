/** What a feature says on the map: its facts, the way to its page and back to the list. */
import { type Map as MapLibreMap, Popup } from "maplibre-gl";
import type { Position } from "geojson";

import { word } from "../words";
import type { StadtFeature } from "./features";
import { element, facts } from "./list";

export class FeaturePopup {
  private popup: Popup | null = null;
  private opener: HTMLElement | null = null;

  constructor(
    private readonly map: MapLibreMap,
    private readonly focusItem: (key: string) => unknown,
  ) {
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.popup) {
        event.stopPropagation();
        this.close();
      }
    });
  }

  /** Opens at a position; when closed, the focus goes back to `opener` if the popup had it. */
  open(feature: StadtFeature, at: Position, opener: HTMLElement | null): void {
    this.popup?.remove();
    this.opener = opener;
    const [longitude = 0, latitude = 0] = at;
    const popup = new Popup({ maxWidth: "18rem", offset: 14, focusAfterOpen: true, closeOnClick: true });
    popup.setLngLat([longitude, latitude]).setDOMContent(this.content(feature));
    this.popup = popup;
    popup.addTo(this.map);
    popup.on("close", () => this.closed(popup));
  }

  close(): void {
    this.popup?.remove();
  }

  private closed(popup: Popup): void {
    if (this.popup !== popup) return;
    this.popup = null;
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && this.opener?.isConnected) this.opener.focus();
    this.opener = null;
  }

  private content(feature: StadtFeature): HTMLElement {
    const { title, url, key } = feature.properties;
    const back = element("button", "map__back", word("inList"));
    back.type = "button";
    back.addEventListener("click", () => {
      this.opener = null;
      this.close();
      this.focusItem(key);
    });
    const ways = element("p", "map__ways");
    if (url) {
      const link = element("a", "kern-link kern-link--no-visited-state", word("more"));
      link.href = url;
      ways.append(link, " ");
    }
    ways.append(back);
    return element(
      "div",
      "map__popup",
      element("p", "map__popup-title", title),
      element("p", "map__popup-facts", ...facts(feature)),
      ways,
    );
  }
}
