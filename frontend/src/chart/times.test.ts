import { describe, expect, it } from "vitest";

import { berlin, fromBerlin, readTime, ticks } from "./times";

const iso = (at: number): string => new Date(at).toISOString();

describe("local time in Berlin", () => {
  it("is an hour ahead in winter and two in summer", () => {
    expect(berlin(Date.parse("2026-01-15T12:00:00Z")).hour).toBe(13);
    expect(berlin(Date.parse("2026-07-15T12:00:00Z")).hour).toBe(14);
  });
  it("turns into instants and back", () => {
    expect(iso(fromBerlin(2026, 7, 1, 0))).toBe("2026-06-30T22:00:00.000Z");
    expect(iso(fromBerlin(2026, 12, 1, 0))).toBe("2026-11-30T23:00:00.000Z");
  });
  it("has days of 23 and 25 hours", () => {
    const hours = (month: number, day: number): number => (fromBerlin(2026, month, day + 1) - fromBerlin(2026, month, day)) / 3_600_000;
    expect(hours(3, 29)).toBe(23);
    expect(hours(10, 25)).toBe(25);
  });
  it("reads dates as local midnight and moments as they are", () => {
    expect(iso(readTime("2026-11-16"))).toBe("2026-11-15T23:00:00.000Z");
    expect(iso(readTime("2026-11-16T12:00:00+01:00"))).toBe("2026-11-16T11:00:00.000Z");
    expect(readTime("gestern")).toBeNaN();
  });
});

describe("ticks", () => {
  it("stand on local midnights across the change of clocks", () => {
    const found = ticks(fromBerlin(2026, 10, 23), fromBerlin(2026, 10, 28), 8, "de");
    expect(found.map((tick) => berlin(tick.at).hour)).toEqual([0, 0, 0, 0, 0, 0].slice(0, found.length));
    expect(found.map((tick) => tick.label)).toContain("25.10.");
  });
  it("name hours within a day and the date at midnight", () => {
    const found = ticks(fromBerlin(2026, 11, 16), fromBerlin(2026, 11, 17), 5, "de");
    expect(found.map((tick) => tick.label)).toEqual(["16.11.", "06:00", "12:00", "18:00", "17.11."]);
  });
  it("name months with the year in January", () => {
    const found = ticks(fromBerlin(2025, 11, 1), fromBerlin(2026, 3, 1), 6, "en");
    expect(found.map((tick) => tick.label)).toEqual(["Nov", "Dec", "Jan 2026", "Feb", "Mar"]);
  });
  it.each([1, 10, 100, 1000, 10_000])("are few enough for %i days", (days) => {
    const from = fromBerlin(2020, 2, 3, 5);
    const found = ticks(from, from + days * 86_400_000, 6, "de");
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(8);
  });
  it("are one for a single moment and none for no time at all", () => {
    expect(ticks(0, 0, 5, "de")).toHaveLength(1);
    expect(ticks(Infinity, -Infinity, 5, "de")).toEqual([]);
  });
});
