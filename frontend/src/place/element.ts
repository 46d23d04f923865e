/**
 * <stadt-place>: one point of the city, by address, by the device's position or on a map.
 *
 * Wraps ordinary inputs that work without this script: `[data-place=words]` (an address), `[data-place=lon]` and
 * `[data-place=lat]` (WGS 84 degrees); `[data-place=asset]` takes what stands there. Attributes: data-label, data-search
 * (addresses by `?q=`), data-nearest (what lies at `?lon=&lat=`), data-bbox, data-basemap, data-attribution, data-outlines, data-keep
 * (typing leaves the point where it is; else it is gone, because the words now say another place). Fires `stadt-place` (detail: Point or null).
 */
import { element } from "../map/list";
import { word } from "../words";
import { type Spot, readNearby, readSpots } from "./answers";
import { type Point, readPoint, written } from "./geometry";
import type { PinMap } from "./map";
import { Suggestions } from "./suggestions";

const WAIT = 250;

export class StadtPlace extends HTMLElement {
  private words: HTMLInputElement | null = null;
  private lon: HTMLInputElement | null = null;
  private lat: HTMLInputElement | null = null;
  private thing: HTMLInputElement | null = null;
  private map: PinMap | null = null;
  private suggestions: Suggestions | null = null;
  private readonly status = element("p", "place__status");
  private readonly stage = element("div", "place__stage");
  private timer: number | undefined;
  private asked = 0;

  connectedCallback(): void {
    if (this.words) return;
    this.words = this.querySelector<HTMLInputElement>("[data-place=words], input[name$=address]");
    this.lon = this.querySelector<HTMLInputElement>("[data-place=lon], input[name$=lon]");
    this.lat = this.querySelector<HTMLInputElement>("[data-place=lat], input[name$=lat]");
    this.thing = this.querySelector<HTMLInputElement>("[data-place=asset]");
    if (!this.lon || !this.lat) return;
    this.status.setAttribute("role", "status");
    this.stage.hidden = true;
    this.append(this.buttons(), this.status, this.stage);
    if (this.words) this.listen(this.words);
    this.toggleAttribute("data-ready", true);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    this.map?.close();
    this.map = null;
  }

  get point(): Point | null {
    const [lon, lat] = [this.lon?.value, this.lat?.value].map((text) => (text ? Number(text.replace(",", ".")) : NaN));
    return lon !== undefined && lat !== undefined && Number.isFinite(lon) && Number.isFinite(lat) ? { lon, lat } : null;
  }

  /** Takes a point from elsewhere, such as a photo, and says where it is. */
  async set(point: Point | null, name = "", asset = ""): Promise<void> {
    if (!this.lon || !this.lat) return;
    // another place has another thing, or none; a thing that came without a place (a sticker) waits for its first one
    if (this.thing && (asset || this.point)) this.thing.value = asset;
    this.lon.value = point ? written(point.lon) : "";
    this.lat.value = point ? written(point.lat) : "";
    this.map?.show(point);
    if (point && name) this.say(name);
    this.dispatchEvent(new CustomEvent<Point | null>("stadt-place", { bubbles: true, detail: point }));
    if (point && !name) await this.describe(point);
    if (!point) this.say("");
  }

  /** Shows again what the inputs say, after somebody else filled them. */
  show(): void {
    const point = this.point;
    this.map?.show(point);
    if (point) void this.describe(point);
  }

  private buttons(): HTMLElement {
    const row = element("div", "place__ways");
    if ("geolocation" in navigator && window.isSecureContext) row.append(this.button(word("placeHere"), () => this.locate()));
    row.append(this.button(word("placeMap"), () => void this.open()));
    return row;
  }

  private button(label: string, act: () => void): HTMLButtonElement {
    const button = element("button", "kern-btn kern-btn--secondary", element("span", "kern-label", label));
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }

  private locate(): void {
    this.say(word("placeLocating"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => void this.set({ lon: coords.longitude, lat: coords.latitude }),
      () => this.say(word("placeNoPosition")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  }

  private async open(): Promise<void> {
    this.stage.hidden = false;
    if (!this.map) {
      const canvas = element("div", "map__canvas place__canvas");
      this.stage.replaceChildren(canvas, element("p", "place__help", word("placeHelp")));
      try {
        const { PinMap } = await import("./map");
        const { bbox, basemap, attribution, outlines, label } = this.dataset;
        this.map = new PinMap(canvas, { bbox, basemap, attribution, outlines, label: label ?? word("map") }, (at) => void this.set(at));
      } catch {
        this.stage.replaceChildren(element("p", "place__help", word("placeNoMap")));
        return;
      }
    }
    this.map.show(this.point);
    this.stage.querySelector<HTMLElement>("canvas")?.focus();
  }

  private listen(words: HTMLInputElement): void {
    this.suggestions = new Suggestions(words, (spot) => this.take(spot));
    words.after(this.suggestions.list);
    words.addEventListener("input", () => {
      window.clearTimeout(this.timer);
      if (this.point && !this.hasAttribute("data-keep")) void this.set(null);
      const typed = readPoint(words.value);
      if (typed) void this.set(typed);
      else this.timer = window.setTimeout(() => void this.search(words.value.trim()), WAIT);
    });
  }

  private take(spot: Spot): void {
    const name = spot.area ? `${spot.name}, ${spot.area}` : spot.name;
    if (this.words) this.words.value = spot.name;
    void this.set(spot, name, spot.asset);
  }

  private async search(words: string): Promise<void> {
    const number = (this.asked += 1);
    if (!this.dataset.search || words.length < 2) return this.suggestions?.close();
    const answer = await ask(this.dataset.search, { q: words });
    if (number !== this.asked) return; // a later question is under way
    const spots = readSpots(answer);
    this.suggestions?.show(spots);
    this.say(spots.length ? word("placeFound", { count: String(spots.length) }) : answer === null ? "" : word("placeNothing"));
  }

  private async describe(point: Point): Promise<void> {
    const number = (this.asked += 1);
    this.say(word("placeTaken"));
    const { lon, lat } = point;
    const near = this.dataset.nearest ? readNearby(await ask(this.dataset.nearest, { lon: written(lon), lat: written(lat) })) : null;
    if (number !== this.asked) return;
    if (near?.address && this.words) this.words.value = near.address;
    if (near?.text) this.say(near.text);
    this.status.classList.toggle("place__status--outside", near?.isInside === false);
  }

  private say(text: string): void {
    this.status.classList.remove("place__status--outside");
    this.status.textContent = text;
  }
}

/** The answer as JSON; null without one, because the field works by itself. */
async function ask(address: string, query: Record<string, string>): Promise<unknown> {
  try {
    const joined = address.includes("?") ? "&" : "?";
    const answer = await fetch(`${address}${joined}${new URLSearchParams(query)}`, { headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as unknown) : null;
  } catch {
    return null;
  }
}

if (!customElements.get("stadt-place")) customElements.define("stadt-place", StadtPlace);
