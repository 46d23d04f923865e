import { describe, expect, it } from "vitest";

import { EMPTY, MOST, type Sketch, add, asPolygon, canClose, close, crossesItself, moveCorner, readSketch, squareMetres, undo } from "./sketch";

const corners = (...places: [number, number][]): Sketch => places.reduce(add, EMPTY);
const square = corners([7, 51.5], [7.01, 51.5], [7.01, 51.51], [7, 51.51]);

describe("drawing an area", () => {
  it("keeps corners in their order to a tenth of a metre", () => {
    expect(corners([7.00000049, 51.5], [7.1, 51.5]).corners).toEqual([[7, 51.5], [7.1, 51.5]]);
  });
  it("closes only with three corners", () => {
    expect(canClose(corners([7, 51], [7.1, 51]))).toBe(false);
    expect(close(corners([7, 51], [7.1, 51])).isClosed).toBe(false);
    expect(close(square).isClosed).toBe(true);
  });
  it("takes no corner after it was closed, and not more than the server does", () => {
    expect(add(close(square), [7.5, 51.5]).corners).toHaveLength(4);
    const many = Array.from({ length: MOST + 5 }, (_, place): [number, number] => [7 + place / 1000, 51]);
    expect(corners(...many).corners).toHaveLength(MOST);
  });
  it("goes back step by step: first open again, then corner by corner", () => {
    const open = undo(close(square));
    expect(open).toEqual({ corners: square.corners, isClosed: false });
    expect(undo(open).corners).toHaveLength(3);
    expect(undo(EMPTY)).toEqual(EMPTY);
  });
  it("does not close a border that crosses itself", () => {
    const bow = corners([7, 51], [7.1, 51.1], [7.1, 51], [7, 51.1]);
    expect(crossesItself(bow.corners, true)).toBe(true);
    expect(canClose(bow)).toBe(false);
    expect(asPolygon({ ...bow, isClosed: true })).toBeNull();
  });
  it("moves one corner and leaves the others", () => {
    expect(moveCorner(close(square), 1, [7.02, 51.5]).corners).toEqual([[7, 51.5], [7.02, 51.5], [7.01, 51.51], [7, 51.51]]);
  });
});

describe("the text of an area", () => {
  it("is a closed polygon that can be read again", () => {
    const drawn = close(square);
    const polygon = asPolygon(drawn);
    expect(polygon?.coordinates[0]).toHaveLength(5);
    expect(readSketch(JSON.stringify(polygon))).toEqual(drawn);
  });
  it("is nothing while it is open", () => {
    expect(asPolygon(square)).toBeNull();
  });
  it("is nothing to draw on when it is something else", () => {
    expect(readSketch("51,5 7,1")).toBeNull();
    expect(readSketch('{"type":"Point","coordinates":[7,51]}')).toBeNull();
    expect(readSketch('{"type":"Polygon","coordinates":[[[7,51],[7,"x"],[7,52],[7,51]]]}')).toBeNull();
    expect(readSketch("null")).toBeNull();
    expect(readSketch("  ")).toEqual(EMPTY);
  });
});

describe("the size of an area", () => {
  it("is told in square metres", () => {
    const metres = squareMetres(square.corners);
    expect(metres).toBeGreaterThan(770_000 * 0.99);
    expect(metres).toBeLessThan(772_000 * 1.01);
    expect(squareMetres([])).toBe(0);
  });
});
