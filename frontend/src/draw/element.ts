/**
 * <stadt-draw>: an area drawn on a map, by mouse, finger or keyboard.
 *
 * Wraps ordinary fields that work without this script: `[data-draw=geometry]` or a <textarea name$=geometry> holds the area
 * as GeoJSON (WGS 84). Attributes: data-label, data-bbox, data-basemap, data-attribution, data-outlines. What is typed into
 * the text and can be drawn is drawn; what cannot stays text.
 */
import { element } from "../map/list";
import { language, word } from "../words";
import type { SketchMap } from "./map";
import { EMPTY, type Sketch, add, asPolygon, canClose, close, crossesItself, moveCorner, readSketch, squareMetres, undo } from "./sketch";

export class StadtDraw extends HTMLElement {
  private text: HTMLTextAreaElement | HTMLInputElement | null = null;
  private sketch: Sketch = EMPTY;
  private map: SketchMap | null = null;
  private readonly stage = element("div", "draw__stage");
  private readonly tools = element("div", "draw__tools");
  private readonly status = element("p", "draw__status");
  private readonly buttons = new Map<string, HTMLButtonElement>();

  connectedCallback(): void {
    if (this.text) return;
    this.text = this.querySelector("[data-draw=geometry], textarea[name$=geometry], input[name$=geometry]");
    if (!this.text) return;
    this.sketch = readSketch(this.text.value) ?? EMPTY;
    this.status.setAttribute("role", "status");
    this.stage.hidden = true;
    this.makeTools();
    const ways = element("div", "draw__ways", this.button("open", "drawOpen", () => void this.open()));
    this.prepend(ways, this.stage, this.status);
    this.text.addEventListener("change", () => this.read());
    this.toggleAttribute("data-ready", true);
    if (this.sketch.isClosed) void this.open(false);
  }

  disconnectedCallback(): void {
    this.map?.close();
    this.map = null;
  }

  private makeTools(): void {
    this.tools.append(
      this.button("set", "drawSet", () => this.map && this.change(add(this.sketch, this.map.middle()))),
      this.button("close", "drawClose", () => this.change(close(this.sketch))),
      this.button("undo", "drawUndo", () => this.change(undo(this.sketch))),
      this.button("clear", "drawClear", () => this.change(EMPTY)),
    );
  }

  private button(name: string, label: Parameters<typeof word>[0], act: () => void): HTMLButtonElement {
    const made = element("button", "kern-btn kern-btn--secondary", element("span", "kern-label", word(label)));
    made.type = "button";
    made.addEventListener("click", act);
    this.buttons.set(name, made);
    return made;
  }

  private async open(takesFocus = true): Promise<void> {
    this.buttons.get("open")?.parentElement?.remove();
    this.stage.hidden = false;
    const canvas = element("div", "map__canvas draw__canvas");
    this.stage.replaceChildren(element("p", "draw__help", word("drawHelp")), canvas, this.tools);
    try {
      const { SketchMap } = await import("./map");
      const { bbox, basemap, attribution, outlines, label } = this.dataset;
      this.map = new SketchMap(canvas, { bbox, basemap, attribution, outlines, label: label ?? word("map") }, {
        set: (corner) => this.change(add(this.sketch, corner)),
        move: (place, to) => this.change(moveCorner(this.sketch, place, to)),
        close: () => this.change(close(this.sketch)),
      });
    } catch {
      this.stage.replaceChildren(element("p", "draw__help", word("drawNoMap")));
      return;
    }
    this.map.show(this.sketch, true);
    this.offer();
    if (takesFocus) this.map.focus();
  }

  /** Takes a new state of the drawing, writes it into the text and says what can be done. */
  private change(sketch: Sketch): void {
    if (!this.text) return;
    this.sketch = sketch;
    const polygon = asPolygon(sketch);
    this.text.value = polygon ? JSON.stringify(polygon) : "";
    this.map?.show(sketch);
    this.offer();
    this.dispatchEvent(new CustomEvent("stadt-draw", { bubbles: true, detail: polygon }));
  }

  private read(): void {
    const found = readSketch(this.text?.value ?? "");
    this.sketch = found ?? EMPTY;
    this.map?.show(this.sketch, true);
    if (found) this.offer();
    else this.say("");
  }

  private offer(): void {
    const { corners, isClosed } = this.sketch;
    this.enable("set", !isClosed);
    this.enable("close", canClose(this.sketch));
    this.enable("undo", corners.length > 0);
    this.enable("clear", corners.length > 0);
    this.say(this.sentence());
  }

  private sentence(): string {
    const { corners, isClosed } = this.sketch;
    const count = { count: String(corners.length) };
    if (!corners.length) return word("drawNothing");
    if (crossesItself(corners, isClosed || corners.length > 2)) return word("drawCrossed");
    if (isClosed) return word("drawDone", { ...count, size: size(squareMetres(corners)) });
    return word(corners.length === 1 ? "drawOne" : "drawCount", count);
  }

  /** A button that has the focus is not switched off under the finger: it says so and does nothing. */
  private enable(name: string, isOn: boolean): void {
    this.buttons.get(name)?.setAttribute("aria-disabled", String(!isOn));
  }

  private say(text: string): void {
    this.status.textContent = text;
  }
}

function size(metres: number): string {
  const [value, unit] = metres < 10_000 ? [Math.round(metres), "m²"] : [metres / 10_000, "ha"];
  return `${value.toLocaleString(language() === "en" ? "en-GB" : "de-DE", { maximumFractionDigits: 1 })} ${unit}`;
}

if (!customElements.get("stadt-draw")) customElements.define("stadt-draw", StadtDraw);
