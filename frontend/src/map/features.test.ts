import { describe, expect, it } from "vitest";

import { readCollection, safeUrl, statesIn } from "./features";

const feature = (properties: Record<string, unknown>, geometry: unknown = { type: "Point", coordinates: [7, 51] }) => ({
  type: "Feature",
  id: "7",
  geometry,
  properties,
});

describe("reading GeoJSON", () => {
  it("fills what is missing and keeps what is known", () => {
    const [found] = readCollection({ type: "FeatureCollection", features: [feature({ title: "Markt", value: 12, state: "danger" })] });
    expect(found?.properties).toEqual({
      key: "7",
      title: "Markt",
      text: "",
      value: "12",
      url: "",
      state: "danger",
      state_label: "",
      simulated: false,
    });
  });
  it("keeps how many things a feature stands for, and only more than one", () => {
    const collection = { type: "FeatureCollection", features: [feature({ count: 12 }), feature({ count: 1 }), feature({ count: "x" })] };
    expect(readCollection(collection).map((found) => found.properties.count)).toEqual([12, undefined, undefined]);
  });
  it("leaves out features without a place", () => {
    expect(readCollection({ type: "FeatureCollection", features: [feature({}, null)] })).toEqual([]);
  });
  it("refuses anything else", () => {
    expect(() => readCollection({ type: "Problem" })).toThrow(TypeError);
    expect(() => readCollection(null)).toThrow(TypeError);
  });
  it("takes an unknown state for none", () => {
    const [found] = readCollection({ type: "FeatureCollection", features: [feature({ state: "purple" })] });
    expect(found?.properties.state).toBe("neutral");
  });
});

describe("addresses of links", () => {
  it.each(["https://stadt.example/a", "/b", "#c", "?d=1"])("may be %s", (url) => expect(safeUrl(url)).toBe(url));
  it.each(["javascript:alert(1)", "data:text/html,x", "//andere.example", " /x", ""])("may not be '%s'", (url) => expect(safeUrl(url)).toBe(""));
});

describe("the legend", () => {
  it("names each state that has a word once, in a fixed order", () => {
    const features = readCollection({
      type: "FeatureCollection",
      features: [
        feature({ state: "danger", state_label: "voll" }),
        feature({ state: "success", state_label: "frei" }),
        feature({ state: "danger", state_label: "ganz voll" }),
        feature({ state: "warning" }),
      ],
    });
    expect(statesIn(features)).toEqual([["success", "frei"], ["danger", "voll"]]);
  });
});
