import { describe, expect, it } from "vitest";

import { fits } from "./search";

const LAMP = "straßenlaterne laterne straßenlampe licht dunkel";

describe("the search for a category", () => {
  it("finds it by a part of a word, whatever the spelling", () => {
    for (const typed of ["", "Later", "LAMPE", "strassenlampe", "dunkel licht"]) expect(fits(LAMP, typed)).toBe(true);
    expect(fits("grünfläche", "GRUNFLACHE")).toBe(true);
  });
  it("leaves out what has one of the words only", () => {
    expect(fits(LAMP, "dunkel hund")).toBe(false);
  });
});
