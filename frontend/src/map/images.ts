/** Draws points, clusters and labels as pictures, so that the map needs no font or sprite from anywhere. */
import { asShape, asState, type Shape, type State } from "./features";
import { featureColour, type Palette } from "./palette";

const FONT = '"Fira Sans", sans-serif';
const SIGNS: Record<State, string> = { neutral: "", info: "i", success: "✓", warning: "!", danger: "×" };
const MAX_LABEL = 40;

/** Names are `point|<shape>|<state>|<layer>`, `cluster|<count>` and `label|<text>`; null for any other name. */
export function drawImage(name: string, colours: Palette, ratio: number): ImageData | null {
  const [kind, ...rest] = name.split("|");
  if (kind === "point") return drawPoint(asShape(rest[0]), asState(rest[1]), Number(rest[2]) || 0, colours, ratio);
  if (kind === "cluster") return drawCluster(rest[0] ?? "", colours, ratio);
  if (kind === "label") return drawLabel(rest.join("|"), colours, ratio);
  return null;
}

function canvas(width: number, height: number, ratio: number): CanvasRenderingContext2D | null {
  const sheet = document.createElement("canvas");
  sheet.width = Math.ceil(width * ratio);
  sheet.height = Math.ceil(height * ratio);
  const pen = sheet.getContext("2d");
  pen?.scale(ratio, ratio);
  return pen;
}

function finish(pen: CanvasRenderingContext2D): ImageData {
  return pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);
}

export function trace(pen: CanvasRenderingContext2D, shape: Shape, middle: number, radius: number): void {
  pen.beginPath();
  if (shape === "circle") {
    pen.arc(middle, middle, radius, 0, Math.PI * 2);
  } else if (shape === "square") {
    pen.roundRect(middle - radius * 0.9, middle - radius * 0.9, radius * 1.8, radius * 1.8, 3);
  } else {
    const corners = shape === "triangle" ? 3 : 4;
    const reach = shape === "triangle" ? radius * 1.25 : radius * 1.2;
    for (let corner = 0; corner < corners; corner += 1) {
      const angle = (corner / corners) * Math.PI * 2 - Math.PI / 2;
      pen.lineTo(middle + reach * Math.cos(angle), middle + reach * Math.sin(angle) + (corners === 3 ? radius * 0.15 : 0));
    }
    pen.closePath();
  }
}

function drawPoint(shape: Shape, state: State, place: number, colours: Palette, ratio: number): ImageData | null {
  const size = 30;
  const pen = canvas(size, size, ratio);
  if (!pen) return null;
  trace(pen, shape, size / 2, 10);
  pen.fillStyle = featureColour(colours, state, place);
  pen.strokeStyle = colours.halo;
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.stroke();
  pen.fill();
  const sign = SIGNS[state];
  if (sign) {
    pen.fillStyle = colours.sign;
    pen.font = `600 14px ${FONT}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(sign, size / 2, size / 2 + (shape === "triangle" ? 2.5 : 1));
  }
  return finish(pen);
}

function drawCluster(count: string, colours: Palette, ratio: number): ImageData | null {
  const size = 34 + Math.min(12, count.length * 3);
  const pen = canvas(size, size, ratio);
  if (!pen) return null;
  pen.beginPath();
  pen.arc(size / 2, size / 2, size / 2 - 3, 0, Math.PI * 2);
  pen.fillStyle = colours.cluster;
  pen.strokeStyle = colours.halo;
  pen.lineWidth = 3;
  pen.fill();
  pen.stroke();
  pen.fillStyle = colours.onCluster;
  pen.font = `600 14px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(count, size / 2, size / 2 + 1);
  return finish(pen);
}

function drawLabel(text: string, colours: Palette, ratio: number): ImageData | null {
  const shown = text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 1)}…` : text;
  const font = `600 13px ${FONT}`;
  const measure = canvas(1, 1, 1);
  if (!measure || !shown) return null;
  measure.font = font;
  const width = measure.measureText(shown).width + 8;
  const pen = canvas(width, 22, ratio);
  if (!pen) return null;
  pen.font = font;
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = colours.halo;
  pen.strokeText(shown, 4, 12);
  pen.fillStyle = colours.ink;
  pen.fillText(shown, 4, 12);
  return finish(pen);
}
