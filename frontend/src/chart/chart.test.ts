import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";

import { type ChartKind, nearest, readDocument, readSettings, type Settings, writeNumber } from "./data";
import { chartPalette } from "./palette";
import { buildSpec, isHorizontal, longForm, roomAround } from "./spec";

const FRAME = { width: 640, height: 240, language: "de" as const, colours: chartPalette(false) };
const KINDS: ChartKind[] = ["line", "bar", "stacked-bar", "area", "stacked-area", "dot"];

const settings = (kind: ChartKind, axis: "time" | "category" = "category"): Settings => ({
  kind,
  columns: [
    { title: "Achse", kind: axis, unit: "", digits: null },
    { title: "PM10", kind: "number", unit: "µg/m³", digits: 1 },
    { title: "PM2,5", kind: "number", unit: "µg/m³", digits: 1 },
  ],
  lines: [{ value: 50, label: "Grenzwert" }],
});
const rows = [
  { axis: "2026-11-16T00:00:00+01:00", label: "Mo", values: [12.5, 7] },
  { axis: "2026-11-17T00:00:00+01:00", label: "Di", values: [14, null] },
];

describe("reading", () => {
  it("refuses settings of an unknown kind", () => {
    expect(() => readSettings(JSON.stringify({ ...settings("line"), kind: "pie" }))).toThrow(TypeError);
  });
  it("takes anything but finite numbers for a gap", () => {
    expect(readDocument({ rows: [["a", 1, "2"], ["b", null, 0]] }, 3).map((row) => row.values)).toEqual([[1, null], [null, 0]]);
  });
  it("refuses rows of the wrong length and documents without rows", () => {
    expect(() => readDocument({ rows: [["a", 1]] }, 3)).toThrow(TypeError);
    expect(() => readDocument({ detail: "weg" }, 3)).toThrow(TypeError);
  });
});

describe("writing numbers", () => {
  it("follows the language and the digits", () => {
    expect(writeNumber(1234.56, 1, "de")).toBe("1.234,6");
    expect(writeNumber(-0.5, null, "en")).toBe("−0.50");
  });
});

describe("the specification", () => {
  it("keeps a gap a gap", () => {
    expect(longForm(settings("line", "time"), rows, "de").map((value) => value.value)).toEqual([12.5, 7, 14, null]);
  });
  it.each(KINDS)("of a %s chart is drawn without evaluating text", async (kind) => {
    for (const axis of ["time", "category"] as const) {
      const { spec } = compile(buildSpec(settings(kind, axis), rows, FRAME));
      const view = new View(parse(spec, undefined, { ast: true }), { expr: expressionInterpreter, renderer: "none" });
      const drawing = await view.toSVG();
      expect(drawing).toContain("Grenzwert");
      if (axis === "time" && !kind.includes("bar")) expect(drawing).toContain("16.11.");
      view.finalize();
    }
  });
  it.each([
    ["line", [], [18, 22]],
    ["line", [{ value: 50, label: "Grenzwert" }], undefined],
    ["bar", [], undefined],
  ] as const)("gives a constant %s chart room around its value", (kind, lines, domain) => {
    const constant = { ...settings(kind), lines: [...lines] };
    const values = longForm(constant, [{ axis: "a", label: "a", values: [20, 20] }, { axis: "b", label: "b", values: [20, null] }], "de");
    expect(roomAround(constant, values, kind === "bar").domain).toEqual(domain);
  });
  it("draws zeros from a scale that has an end", () => {
    const zero = { ...settings("bar"), lines: [] };
    const values = longForm(zero, [{ axis: "a", label: "a", values: [0, 0] }], "de");
    expect(roomAround(zero, values, true).domain).toEqual([0, 1]);
  });
  it("writes long categories below each other when the screen is narrow", () => {
    const long = rows.map((row) => ({ ...row, label: "Probstadt-Nordviertel" }));
    expect(isHorizontal(settings("bar"), long, 320)).toBe(true);
    expect(isHorizontal(settings("bar"), long, 1200)).toBe(false);
    expect(isHorizontal(settings("line", "time"), long, 320)).toBe(false);
  });
});

describe("the pointer", () => {
  it("finds the nearest moment", () => {
    expect(nearest([0, 10, 20], 14)).toBe(1);
    expect(nearest([], 14)).toBe(-1);
  });
});
