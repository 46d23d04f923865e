/** A chart's contents: settings from the attribute, rows from the table inside or from a JSON address. */

export type ColumnKind = "time" | "date" | "category" | "number";
export type ChartKind = "line" | "bar" | "stacked-bar" | "area" | "stacked-area" | "dot";

export interface Column {
  title: string;
  kind: ColumnKind;
  unit: string;
  digits: number | null;
}
export interface Line {
  value: number;
  label: string;
}
export interface Settings {
  kind: ChartKind;
  columns: Column[];
  lines: Line[];
}
/** The axis value as text, then one number or gap per series. */
export interface Row {
  axis: string;
  label: string;
  values: Array<number | null>;
}

const KINDS: readonly ChartKind[] = ["line", "bar", "stacked-bar", "area", "stacked-area", "dot"];

export function readSettings(text: string): Settings {
  const given = JSON.parse(text) as Settings;
  if (!KINDS.includes(given.kind) || given.columns.length < 2) throw new TypeError("These are no chart settings.");
  return given;
}

/** Cells carry their exact value in data-v; the first cell of a row is the axis. */
export function readTable(table: HTMLTableElement): Row[] {
  return [...table.tBodies].flatMap((body) =>
    [...body.rows].map((row) => {
      const [first, ...others] = [...row.cells];
      return {
        axis: first?.dataset.v ?? "",
        label: first?.textContent?.trim() ?? "",
        values: others.map((cell) => readNumber(cell.dataset.v ?? "")),
      };
    }),
  );
}

function readNumber(text: string): number | null {
  const value = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Reads {"rows": [["2026-…", 1.5, null], …]}; throws TypeError for another form. */
export function readDocument(document: unknown, columns: number): Row[] {
  const rows = (document as { rows?: unknown } | null)?.rows;
  if (!Array.isArray(rows)) throw new TypeError("The answer has no rows.");
  return rows.map((row: unknown) => {
    if (!Array.isArray(row) || row.length !== columns) throw new TypeError("A row has the wrong length.");
    const [axis, ...values] = row as unknown[];
    return {
      axis: String(axis),
      label: String(axis),
      values: values.map((value) => (typeof value === "number" && Number.isFinite(value) ? value : null)),
    };
  });
}

export function writeNumber(value: number, digits: number | null, language: "de" | "en"): string {
  const size = Math.abs(value);
  const fitting = Number.isInteger(value) ? 0 : size < 10 ? 2 : size < 100 ? 1 : 0;
  const shown = digits ?? fitting;
  const text = value.toLocaleString(language === "en" ? "en-GB" : "de-DE", {
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  });
  return text.replace("-", "−");
}

export function withUnit(text: string, unit: string): string {
  return unit ? `${text} ${unit}` : text;
}

/** Index of the row whose axis value is nearest; -1 without rows. `axis` is sorted upwards. */
export function nearest(axis: readonly number[], wanted: number): number {
  let best = -1;
  let distance = Infinity;
  for (const [place, value] of axis.entries()) {
    const away = Math.abs(value - wanted);
    if (away < distance) {
      best = place;
      distance = away;
    }
  }
  return best;
}
