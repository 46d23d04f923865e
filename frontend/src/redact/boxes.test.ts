import { describe, expect, it } from "vitest";

import { boxBetween, numberOf, written } from "./boxes";

describe("boxes", () => {
  it("are the same whichever corner comes first", () => {
    const box = { left: 10, top: 20, width: 30, height: 5 };
    expect(boxBetween({ x: 10, y: 20 }, { x: 40, y: 25 })).toEqual(box);
    expect(boxBetween({ x: 40, y: 25 }, { x: 10, y: 20 })).toEqual(box);
  });
  it("take numbers with comma or point, and nothing else", () => {
    expect(numberOf("12,5")).toBe(12.5);
    expect(numberOf(" 3.1 ")).toBe(3.1);
    expect(numberOf("")).toBeNull();
    expect(numberOf("x")).toBeNull();
  });
  it("are written as the page's language writes numbers", () => {
    expect(written(12.34, "de")).toBe("12,3");
    expect(written(12.34, "en")).toBe("12.3");
  });
});
