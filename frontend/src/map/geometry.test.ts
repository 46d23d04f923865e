import { describe, expect, it } from "vitest";

import { boundsOf, labelPoint, readBounds, spansMost } from "./geometry";

describe("the extent of geometries", () => {
  it("spans all of them", () => {
    const line = { type: "LineString" as const, coordinates: [[7.2, 51.4], [7.0, 51.6]] };
    expect(boundsOf([{ type: "Point", coordinates: [7.1, 51.7] }, line])).toEqual([7.0, 51.4, 7.2, 51.7]);
  });
  it("is nothing without any", () => {
    expect(boundsOf([])).toBeNull();
  });
  it("is read from four numbers and from nothing else", () => {
    expect(readBounds("6.98,51.48,7.15,51.64")).toEqual([6.98, 51.48, 7.15, 51.64]);
    expect(readBounds("6.98,51.48,7.15")).toBeNull();
    expect(readBounds("a,b,c,d")).toBeNull();
  });
});

describe("an extent beside the city's", () => {
  const city = [7, 51, 8, 52] as const;
  it("spans most of it when it fills more than half in one direction", () => {
    expect(spansMost([7.1, 51.1, 7.7, 51.2], city)).toBe(true);
    expect(spansMost([7.1, 51.1, 7.2, 51.7], city)).toBe(true);
  });
  it("does not for a single place", () => {
    expect(spansMost([7.5, 51.5, 7.5, 51.5], city)).toBe(false);
  });
});

describe("the point for a label", () => {
  const square = (west: number, size: number): number[][] => [[west, 0], [west + size, 0], [west + size, size], [west, size], [west, 0]];
  it("is the centre of mass of an area", () => {
    expect(labelPoint({ type: "Polygon", coordinates: [square(2, 4)] })).toEqual([4, 2]);
  });
  it("lies in the largest part of a divided area", () => {
    expect(labelPoint({ type: "MultiPolygon", coordinates: [[square(0, 1)], [square(10, 4)]] })).toEqual([12, 2]);
  });
  it("is the point itself", () => {
    expect(labelPoint({ type: "Point", coordinates: [7, 51] })).toEqual([7, 51]);
  });
  it("survives an area without extent", () => {
    expect(labelPoint({ type: "Polygon", coordinates: [[[1, 1], [1, 1], [1, 1]]] })).toEqual([1, 1]);
  });
});
