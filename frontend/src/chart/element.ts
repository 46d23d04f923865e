/**
 * <stadt-chart>: draws the table that it contains with Vega-Lite; the table stays as the accessible form.
 *
 * Attributes: data-settings (JSON: kind, columns, lines), data-title, data-summary, data-src (JSON address) and
 * data-refresh (seconds). Vega runs with parsed expressions only, so nothing is ever evaluated from text.
 */
import { formatLocale, parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";

import { clock, language, word } from "../words";
import { nearest, readDocument, readSettings, readTable, type Row, type Settings, withUnit, writeNumber } from "./data";
import { legend } from "./legend";
import { chartPalette } from "./palette";
import { buildSpec, hasValues, isHorizontal, isTimeChart } from "./spec";
import { moment, readTime } from "./times";
import { Tip } from "./tip";

const MANY_VALUES = 1500;

if (language() === "de") formatLocale({ decimal: ",", thousands: ".", grouping: [3], currency: ["", " €"] });

class StadtChart extends HTMLElement {
  private settings: Settings | null = null;
  private rows: Row[] = [];
  private view: View | null = null;
  private drawnWidth = 0;
  private timer: number | undefined;
  private lastGood = new Date();
  private readonly key = document.createElement("div");
  private readonly canvas = document.createElement("div");
  private readonly status = document.createElement("p");
  private readonly tip = new Tip(this.canvas);
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");
  private readonly redraw = (): void => void this.draw();
  private readonly watcher = new ResizeObserver(() => {
    if (Math.abs(this.clientWidth - this.drawnWidth) > 8) void this.draw();
  });

  connectedCallback(): void {
    if (this.settings) return;
    try {
      this.settings = readSettings(this.dataset.settings ?? "");
    } catch (error) {
      console.error(error);
      this.fail();
      return;
    }
    const table = this.querySelector("table");
    if (table) this.rows = readTable(table);
    this.canvas.className = "chart__canvas";
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", this.description());
    this.status.className = "chart__status";
    this.prepend(this.key, this.canvas, this.status);
    this.dark.addEventListener("change", this.redraw);
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => this.tip.hide());
    this.watcher.observe(this);
    this.startFetching();
  }

  disconnectedCallback(): void {
    window.clearInterval(this.timer);
    this.watcher.disconnect();
    this.dark.removeEventListener("change", this.redraw);
    this.view?.finalize();
    this.view = null;
  }

  private description(): string {
    return [`${word("chart")}: ${this.dataset.title ?? ""}`, this.dataset.summary].filter(Boolean).join(". ");
  }

  private async draw(): Promise<void> {
    const settings = this.settings;
    if (!settings || this.clientWidth < 60) return;
    this.drawnWidth = this.clientWidth;
    this.view?.finalize();
    this.view = null;
    this.canvas.hidden = !hasValues(this.rows);
    if (this.canvas.hidden) {
      this.key.replaceChildren();
      this.status.textContent = word("noValues");
      return;
    }
    const colours = chartPalette(this.dark.matches);
    this.key.replaceChildren(legend(settings, colours));
    const height = Number.parseFloat(getComputedStyle(this.canvas).minHeight) || 320;
    const frame = { width: this.clientWidth, height, language: language(), colours };
    try {
      const { spec } = compile(buildSpec(settings, this.rows, frame));
      const view = new View(parse(spec, undefined, { ast: true }), {
        expr: expressionInterpreter,
        renderer: this.rows.length * (settings.columns.length - 1) > MANY_VALUES ? "canvas" : "svg",
        container: this.tip.surface,
        hover: false,
        tooltip: (_handler: unknown, event: MouseEvent, _item: unknown, value: unknown) => this.tip.showText(event, value),
      });
      this.view = view;
      await view.runAsync();
    } catch (error) {
      console.error(error);
      this.fail();
    }
  }

  private fail(): void {
    this.canvas.hidden = true;
    this.status.textContent = word("chartFailed");
    if (!this.status.isConnected) this.prepend(this.status);
    const table = this.querySelector("details");
    if (table) table.open = true;
  }

  /** On time axes the nearest moment is shown with the values of all series. */
  private hover(event: PointerEvent): void {
    const { view, settings } = this;
    if (!view || !settings || !isTimeChart(settings) || isHorizontal(settings, this.rows, this.drawnWidth)) return;
    const left = this.tip.surface.getBoundingClientRect().left;
    const [originX = 0] = view.origin();
    const scale = view.scale("x") as { (value: number): number; invert(pixel: number): Date | number };
    const times = this.rows.map((row) => readTime(row.axis));
    const place = nearest(times, Number(scale.invert(event.clientX - left - originX)));
    const row = this.rows[place];
    const at = times[place];
    if (!row || at === undefined) return;
    const lines = settings.columns.slice(1).map((column, index) => {
      const value = row.values[index] ?? null;
      const shown = value === null ? "–" : withUnit(writeNumber(value, column.digits, language()), column.unit);
      return `${column.title}: ${shown}`;
    });
    const heading = moment(at, settings.columns[0]?.kind === "date", language());
    this.tip.showAt(scale(at) + originX, event, [heading, ...lines]);
  }

  private startFetching(): void {
    const address = this.dataset.src;
    if (!address) return;
    if (!this.rows.length) void this.fetchRows(address);
    const seconds = Number(this.dataset.refresh);
    if (seconds > 0) {
      this.timer = window.setInterval(() => {
        if (!document.hidden) void this.fetchRows(address);
      }, seconds * 1000);
    }
  }

  private async fetchRows(address: string): Promise<void> {
    const settings = this.settings;
    if (!settings) return;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const rows = readDocument(await answer.json(), settings.columns.length);
      this.rows = rows.map((row) => ({ ...row, label: this.axisText(row.axis, settings) }));
      this.lastGood = new Date();
      this.writeTable(settings);
      this.status.textContent = word("asOf", { time: clock(this.lastGood) });
      await this.draw();
    } catch {
      const text = this.rows.length ? word("stale", { time: clock(this.lastGood) }) : word("loadFailed");
      this.status.textContent = text;
    }
  }

  private axisText(axis: string, settings: Settings): string {
    const kind = settings.columns[0]?.kind;
    return kind === "time" || kind === "date" ? moment(readTime(axis), kind === "date", language()) : axis;
  }

  private writeTable(settings: Settings): void {
    const body = this.querySelector("tbody");
    if (!body) return;
    body.replaceChildren(
      ...this.rows.map((row) => {
        const line = document.createElement("tr");
        line.className = "kern-table__row";
        const head = document.createElement("th");
        head.scope = "row";
        head.className = "kern-table__header table__head";
        head.textContent = row.label;
        const cells = row.values.map((value, index) => {
          const cell = document.createElement("td");
          cell.className = "kern-table__cell kern-table__cell--numeric";
          cell.textContent = value === null ? "–" : writeNumber(value, settings.columns[index + 1]?.digits ?? null, language());
          return cell;
        });
        line.append(head, ...cells);
        return line;
      }),
    );
  }
}

customElements.define("stadt-chart", StadtChart);
