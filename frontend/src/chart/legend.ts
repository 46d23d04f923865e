/** The key of a chart as HTML: each series with its line, bar or dot as it is drawn, and the unit. */
import type { Settings } from "./data";
import { type ChartPalette, dash, seriesColour } from "./palette";

const SVG = "http://www.w3.org/2000/svg";

export function legend(settings: Settings, colours: ChartPalette): HTMLElement {
  const list = document.createElement("ul");
  list.className = "chart__legend";
  const series = settings.columns.slice(1);
  for (const [place, column] of series.entries()) {
    const item = document.createElement("li");
    item.append(sample(settings, place, colours), column.unit ? `${column.title} (${column.unit})` : column.title);
    list.append(item);
  }
  return list;
}

function sample(settings: Settings, place: number, colours: ChartPalette): SVGSVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 28 14");
  drawing.setAttribute("aria-hidden", "true");
  const colour = seriesColour(colours, place);
  if (settings.kind === "line" || settings.kind === "area") {
    const line = add(drawing, "path", { d: "M0 7H28", stroke: colour, "stroke-width": "3" });
    if (settings.kind === "line") line.setAttribute("stroke-dasharray", dash(place).join(" "));
  } else if (settings.kind === "dot") {
    const shapes = [
      "M14 2a5 5 0 1 0 .01 0Z",
      "M9 2h10v10H9Z",
      "M14 1l6 11H8Z",
      "M14 1l6 6-6 6-6-6Z",
      "M12 1h4v4h4v4h-4v4h-4V9H8V5h4Z",
      "M14 13 8 2h12Z",
    ];
    add(drawing, "path", { d: shapes[place % shapes.length] ?? "", fill: colour });
  } else {
    add(drawing, "rect", { x: "6", y: "1", width: "16", height: "12", rx: "2", fill: colour });
  }
  return drawing;
}

function add(parent: SVGSVGElement, name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}
