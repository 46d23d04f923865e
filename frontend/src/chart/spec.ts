/** Builds the Vega-Lite specification of a chart from its settings and rows. */
import type { TopLevelSpec } from "vega-lite";

import { type Row, type Settings, withUnit, writeNumber } from "./data";
import { type ChartPalette, dash, seriesColour } from "./palette";
import { readTime, type Tick, ticks } from "./times";

export interface Frame {
  width: number;
  height: number;
  language: "de" | "en";
  colours: ChartPalette;
}
interface Value {
  x: number | string;
  series: string;
  place: number;
  value: number | null;
  tip: string;
}

const TICK_WIDTH = 64;
const LETTER_WIDTH = 8;

export function isTimeChart(settings: Settings): boolean {
  const axis = settings.columns[0]?.kind;
  return (axis === "time" || axis === "date") && !settings.kind.includes("bar");
}

export function hasValues(rows: readonly Row[]): boolean {
  return rows.some((row) => row.values.some((value) => value !== null));
}

/** Categories with long words, or on narrow screens, are written in lines below each other. */
export function isHorizontal(settings: Settings, rows: readonly Row[], width: number): boolean {
  if (isTimeChart(settings) || settings.kind === "line" || settings.kind.includes("area")) return false;
  if (settings.columns[0]?.kind !== "category") return false;
  const longest = Math.max(0, ...rows.map((row) => row.label.length));
  return (longest * LETTER_WIDTH + 12) * rows.length > width - 60;
}

export function longForm(settings: Settings, rows: readonly Row[], language: "de" | "en"): Value[] {
  const asTime = isTimeChart(settings);
  return rows.flatMap((row) =>
    settings.columns.slice(1).map((column, place) => {
      const value = row.values[place] ?? null;
      const shown = value === null ? "–" : withUnit(writeNumber(value, column.digits, language), column.unit);
      return {
        x: asTime ? readTime(row.axis) : row.label,
        series: column.title,
        place,
        value,
        tip: `${row.label}\n${column.title}: ${shown}`,
      };
    }),
  );
}

export function buildSpec(settings: Settings, rows: readonly Row[], frame: Frame): TopLevelSpec {
  const { colours, language } = frame;
  const horizontal = isHorizontal(settings, rows, frame.width);
  const series = settings.columns.slice(1).map((column) => column.title);
  const values = longForm(settings, rows, language);
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: frame.width,
    height: horizontal ? Math.max(frame.height, rows.length * (settings.kind === "bar" ? 16 * series.length + 14 : 30)) : frame.height,
    autosize: { type: "fit", contains: "padding", resize: false },
    padding: 4,
    background: "transparent",
    data: { values },
    params: [{ name: "labels", value: timeLabels(settings, values, frame) }],
    layer: [
      { mark: markOf(settings), encoding: encodingOf(settings, series, values, frame, horizontal) },
      ...settings.lines.flatMap((line) => reference(line, colours, horizontal)),
    ],
    config: config(colours),
  };
  return spec as unknown as TopLevelSpec;
}

function timeTicks(settings: Settings, values: readonly Value[], frame: Frame): Tick[] {
  if (!isTimeChart(settings)) return [];
  const times = values.map((value) => Number(value.x)).filter(Number.isFinite);
  const most = Math.max(2, Math.floor((frame.width - 60) / TICK_WIDTH));
  return ticks(Math.min(...times), Math.max(...times), most, frame.language);
}

function timeLabels(settings: Settings, values: readonly Value[], frame: Frame): Record<string, string> {
  return Object.fromEntries(timeTicks(settings, values, frame).map((tick) => [String(tick.at), tick.label]));
}

function markOf(settings: Settings): Record<string, unknown> {
  switch (settings.kind) {
    case "line":
      return { type: "line", strokeWidth: 2.25, interpolate: "monotone" };
    case "area":
      return { type: "area", opacity: 0.25, line: { strokeWidth: 2.25 }, interpolate: "monotone" };
    case "stacked-area":
      return { type: "area", opacity: 0.85 };
    case "dot":
      return { type: "point", filled: true, size: 110, opacity: 1 };
    case "bar":
    case "stacked-bar":
      return { type: "bar", cornerRadiusEnd: settings.kind === "bar" ? 2 : 0 };
  }
}

/** A series that never changes stands in the middle: a scale from a value to itself would mark it several times. */
export function roomAround(
  settings: Settings,
  values: readonly Value[],
  startsAtZero: boolean,
): { domain?: [number, number] } {
  const drawn = values.map((value) => value.value).filter((value) => value !== null);
  const numbers = [...drawn, ...settings.lines.map((line) => line.value)];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length === 0 || low !== high || (startsAtZero && low !== 0)) return {};
  const room = Math.max(1, Math.abs(low) * 0.1);
  return { domain: startsAtZero ? [0, room] : [low - room, low + room] };
}

function encodingOf(
  settings: Settings,
  series: string[],
  values: readonly Value[],
  frame: Frame,
  horizontal: boolean,
): Record<string, unknown> {
  const { colours } = frame;
  const isStacked = settings.kind.startsWith("stacked");
  const isBar = settings.kind.includes("bar");
  const startsAtZero = isBar || settings.kind.includes("area");
  const axis = isTimeChart(settings)
    ? {
        // milliseconds on a linear scale: Vega's interpreter cannot make dates from the ticks' instants
        field: "x",
        type: "quantitative",
        scale: { zero: false, nice: false },
        axis: {
          title: null,
          grid: false,
          values: timeTicks(settings, values, frame).map((tick) => tick.at),
          labelExpr: "labels['' + datum.value]",
        },
      }
    : { field: "x", type: "ordinal", sort: null, axis: { title: null, grid: false, labelAngle: 0, labelOverlap: !horizontal, labelLimit: 180 } };
  const measure = {
    field: "value",
    type: "quantitative",
    stack: isStacked ? "zero" : null,
    scale: { zero: startsAtZero, nice: true, ...roomAround(settings, values, startsAtZero) },
    axis: { title: null, tickCount: horizontal ? Math.max(2, Math.floor(frame.width / 90)) : 5 },
  };
  const place = horizontal ? { y: axis, x: measure } : { x: axis, y: measure };
  const grouped = settings.kind === "bar" && series.length > 1;
  return {
    ...place,
    ...(grouped ? { [horizontal ? "yOffset" : "xOffset"]: { field: "series", sort: series } } : {}),
    color: {
      field: "series",
      type: "nominal",
      legend: null,
      scale: { domain: series, range: series.map((_, index) => seriesColour(colours, index)) },
    },
    ...(settings.kind === "line"
      ? { strokeDash: { field: "series", type: "nominal", legend: null, scale: { domain: series, range: series.map((_, index) => dash(index)) } } }
      : {}),
    ...(settings.kind === "dot"
      ? { shape: { field: "series", type: "nominal", legend: null, scale: { domain: series, range: DOT_SHAPES.slice(0, series.length) } } }
      : {}),
    ...(isStacked ? { order: { field: "place", type: "quantitative" } } : {}),
    ...(isTimeChart(settings) ? {} : { tooltip: { field: "tip", type: "nominal" } }),
  };
}

export const DOT_SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];

function reference(line: { value: number; label: string }, colours: ChartPalette, horizontal: boolean): unknown[] {
  const along = horizontal ? "x" : "y";
  const at = { datum: line.value, type: "quantitative" };
  const one = { values: [{}] };
  return [
    { data: one, mark: { type: "rule", color: colours.limit, strokeWidth: 1.5, strokeDash: [6, 3] }, encoding: { [along]: at } },
    {
      data: one,
      mark: {
        type: "text",
        text: line.label,
        color: colours.limit,
        fontWeight: 600,
        align: horizontal ? "left" : "right",
        baseline: "bottom",
        dy: horizontal ? 0 : -4,
        dx: horizontal ? 4 : 0,
      },
      encoding: { [along]: at, [horizontal ? "y" : "x"]: { value: horizontal ? 10 : "width" } },
    },
  ];
}

function config(colours: ChartPalette): Record<string, unknown> {
  const font = "Fira Sans, sans-serif";
  return {
    aria: false,
    font,
    view: { stroke: null },
    axis: {
      labelColor: colours.soft,
      labelFontSize: 13,
      gridColor: colours.grid,
      domainColor: colours.soft,
      tickColor: colours.soft,
      labelPadding: 6,
    },
    axisY: { domain: false, ticks: false },
    text: { fontSize: 13 },
    scale: { bandPaddingInner: 0.3, bandPaddingOuter: 0.15 },
    bar: { stroke: colours.paper, strokeWidth: 1 },
  };
}
