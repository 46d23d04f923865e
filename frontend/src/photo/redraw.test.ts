import { describe, expect, it } from "vitest";

import { fit, plainName } from "./redraw";

describe("the size of a photo drawn anew", () => {
  it("keeps its proportions", () => {
    expect(fit({ width: 4096, height: 3072 })).toEqual({ width: 2048, height: 1536 });
    expect(fit({ width: 3000, height: 6000 }, 600)).toEqual({ width: 300, height: 600 });
  });
  it("never grows", () => {
    expect(fit({ width: 640, height: 480 })).toEqual({ width: 640, height: 480 });
  });
  it("is at least a point, however narrow", () => {
    expect(fit({ width: 100000, height: 1 })).toEqual({ width: 2048, height: 1 });
  });
});

describe("the name of a photo", () => {
  it("tells only its number", () => {
    expect(plainName(2)).toBe("foto-2.jpg");
  });
});
