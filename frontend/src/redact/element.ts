/**
 * <stadt-redact>: lets one draw rectangles over its <img>; each fills the first empty row of number fields in the form
 * (names b1-left, b1-top, b1-width, b1-height, …, percent) and stands in its <svg>. Typing moves the drawn ones.
 * Without script the numbers are typed and the server draws them.
 */
import { type Box, boxBetween, numberOf, written } from "./boxes";

const SVG = "http://www.w3.org/2000/svg";
const SIDES = ["left", "top", "width", "height"] as const;

class StadtRedact extends HTMLElement {
  private start: { x: number; y: number } | null = null;
  private drawn: SVGRectElement | null = null;

  connectedCallback(): void {
    this.addEventListener("pointerdown", (event) => this.begin(event));
    this.addEventListener("pointermove", (event) => this.grow(event));
    this.addEventListener("pointerup", (event) => this.end(event));
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.closest("form")?.addEventListener("input", () => this.redraw());
    this.redraw();
  }

  private begin(event: PointerEvent): void {
    if (!this.emptyRow()) return;
    this.setPointerCapture(event.pointerId);
    this.start = this.at(event);
    this.drawn = this.add();
  }

  private grow(event: PointerEvent): void {
    if (this.start && this.drawn) place(this.drawn, boxBetween(this.start, this.at(event)));
  }

  private end(event: PointerEvent): void {
    if (!this.start) return;
    const box = boxBetween(this.start, this.at(event));
    this.start = null;
    const row = this.emptyRow();
    if (row && box.width >= 0.5 && box.height >= 0.5) SIDES.forEach((side, n) => (row[n]!.value = written(box[side])));
    this.redraw();
  }

  private at(event: PointerEvent): { x: number; y: number } {
    const frame = this.getBoundingClientRect();
    return {
      x: Math.min(100, Math.max(0, ((event.clientX - frame.left) / frame.width) * 100)),
      y: Math.min(100, Math.max(0, ((event.clientY - frame.top) / frame.height) * 100)),
    };
  }

  private rows(): HTMLInputElement[][] {
    const form = this.closest("form");
    const rows: HTMLInputElement[][] = [];
    for (let number = 1; form; number += 1) {
      const row = SIDES.map((side) => form.querySelector<HTMLInputElement>(`[name="b${number}-${side}"]`));
      if (row.some((field) => !field)) break;
      rows.push(row as HTMLInputElement[]);
    }
    return rows;
  }

  private emptyRow(): HTMLInputElement[] | undefined {
    return this.rows().find((row) => row.every((field) => !field.value.trim()));
  }

  private redraw(): void {
    this.querySelector("svg")?.replaceChildren();
    for (const row of this.rows()) {
      const [left, top, width, height] = row.map((field) => numberOf(field.value));
      if (left !== null && top !== null && width && height) {
        place(this.add(), { left: left!, top: top!, width, height });
      }
    }
  }

  private add(): SVGRectElement {
    const rect = document.createElementNS(SVG, "rect");
    this.querySelector("svg")?.append(rect);
    return rect;
  }
}

function place(rect: SVGRectElement, box: Box): void {
  rect.setAttribute("x", String(box.left));
  rect.setAttribute("y", String(box.top));
  rect.setAttribute("width", String(box.width));
  rect.setAttribute("height", String(box.height));
}

customElements.define("stadt-redact", StadtRedact);
