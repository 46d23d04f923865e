import { describe, expect, it } from "vitest";

import { readNearby, readSpots } from "./answers";

describe("spots of an answer", () => {
  it("carry name, area and point", () => {
    const answer = { spots: [{ name: "Am Markt 1", lon: 10, lat: 53, quarter: "Mitte" }, { name: "Am Markt 2", lon: 10, lat: 53, district: { name: "Nord" }, asset: "Am Markt 2", is_simulated: true }] };
    expect(readSpots(answer)).toEqual([
      { name: "Am Markt 1", area: "Mitte", asset: "", isSimulated: false, lon: 10, lat: 53 },
      { name: "Am Markt 2", area: "Nord", asset: "Am Markt 2", isSimulated: true, lon: 10, lat: 53 },
    ]);
  });
  it("are left out where something is missing", () => {
    expect(readSpots({ spots: [null, 3, {}, { name: "ohne Punkt" }, { name: "falsch", lon: "10", lat: 53 }] })).toEqual([]);
    expect(readSpots(null)).toEqual([]);
    expect(readSpots("kaputt")).toEqual([]);
  });
  it("are no more than asked for", () => {
    const many = Array.from({ length: 20 }, (_, place) => ({ name: `Am Markt ${place}`, lon: 10, lat: 53 }));
    expect(readSpots({ spots: many }, 3)).toHaveLength(3);
  });
});

describe("what lies near a point", () => {
  it("is inside unless the city says no", () => {
    expect(readNearby({ text: "Am Markt 1", address: "Am Markt 1" })?.isInside).toBe(true);
    expect(readNearby({ text: "Gehört zu Nachbarstadt", is_inside: false })?.isInside).toBe(false);
  });
  it("is read from the city's own answer as well", () => {
    const place = { name: "Am Markt 1", lon: 10, lat: 53, quarter: "Mitte" };
    expect(readNearby({ place })).toEqual({ text: "Am Markt 1, Mitte", address: "Am Markt 1", isInside: true });
    expect(readNearby({ place: null })).toEqual({ text: "", address: "", isInside: true });
  });
  it("is nothing when the answer is none", () => {
    expect(readNearby(null)).toBeNull();
  });
});
