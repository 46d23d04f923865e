import { describe, expect, it } from "vitest";

import { distance, move, readPoint, stepOf, written } from "./geometry";

const here = { lon: 7.0857, lat: 51.5172 };

describe("steps of the pin", () => {
  it("are as long as they say, in every direction", () => {
    for (const [east, north] of [[5, 0], [-50, 0], [0, 5], [0, -50]] as const) {
      expect(distance(here, move(here, east, north))).toBeCloseTo(Math.hypot(east, north), 1);
    }
  });
  it("come from the arrow keys, longer ones with Shift", () => {
    expect(stepOf("ArrowUp", false)).toEqual([0, 5]);
    expect(stepOf("ArrowLeft", true)).toEqual([-50, 0]);
    expect(stepOf("Enter", false)).toBeNull();
  });
});

describe("coordinates typed by hand", () => {
  it("are read with points and with commas", () => {
    expect(readPoint("51.5172, 7.0857")).toEqual(here);
    expect(readPoint(" 51,5172 7,0857 ")).toEqual(here);
  });
  it("are told from addresses", () => {
    for (const text of ["", "Ahstraße 12", "12 34", "45879", "91.000, 7.000", "51.5172"]) expect(readPoint(text)).toBeNull();
  });
  it("are written to a tenth of a metre", () => {
    expect(written(7.08571234567)).toBe("7.085712");
  });
});
