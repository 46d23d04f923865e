/** Rectangles in percent of a photo, and numbers as people type them. */

export type Box = { left: number; top: number; width: number; height: number };
type Point = { x: number; y: number };

/** The rectangle that two opposite corners span, whichever way it was drawn. */
export function boxBetween(one: Point, other: Point): Box {
  return {
    left: Math.min(one.x, other.x),
    top: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
}

/** A typed number with comma or point; null for what is none. */
export function numberOf(text: string): number | null {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(value) ? value : null;
}

/** A number as a field of the page's language takes it, with one digit after the comma. */
export function written(value: number, language = document.documentElement.lang): string {
  const text = value.toFixed(1);
  return language === "en" ? text : text.replace(".", ",");
}
