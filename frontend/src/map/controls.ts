/** Switches for the layers and the legend of their signs. */
import { word } from "../words";
import { type Shape, type State, statesIn } from "./features";
import type { LayerList } from "./layerlist";
import { element } from "./list";

export function symbol(shape: Shape, place: number, state: State = "neutral"): HTMLElement {
  const sign = element("span", `map__symbol map__symbol--${shape} map__symbol--${state}`);
  sign.dataset.place = String(place);
  sign.setAttribute("aria-hidden", "true");
  return sign;
}

export function controls(layers: LayerList[], hasLegend: boolean, toggle: (layer: LayerList) => void): HTMLElement {
  const panel = element("div", "map__panel");
  if (layers.length > 1) panel.append(switches(layers, toggle));
  if (hasLegend) {
    const signs = layers.flatMap((layer) => statesIn(layer.features).map(([state, text]) => [layer, state, text] as const));
    if (signs.length) panel.append(legend(signs));
  }
  return panel;
}

function switches(layers: LayerList[], toggle: (layer: LayerList) => void): HTMLElement {
  const group = element("fieldset", "map__switches", element("legend", "kern-sr-only", word("layers")));
  for (const layer of layers) {
    const box = element("input", "map__box");
    box.type = "checkbox";
    box.checked = layer.visible;
    box.addEventListener("change", () => {
      layer.setVisible(box.checked);
      toggle(layer);
    });
    const shape = layer.kind === "points" ? symbol(layer.shape, layer.place) : areaSymbol(layer.place);
    group.append(element("label", "map__switch", box, shape, layer.title));
  }
  return group;
}

function areaSymbol(place: number): HTMLElement {
  const sign = symbol("square", place);
  sign.classList.add("map__symbol--area");
  return sign;
}

function legend(signs: ReadonlyArray<readonly [LayerList, State, string]>): HTMLElement {
  const list = element("ul", "map__legend");
  list.setAttribute("aria-label", word("legend"));
  const seen = new Set<string>();
  for (const [layer, state, text] of signs) {
    const key = `${layer.shape}|${state}|${text}`;
    if (seen.has(key)) continue;
    seen.add(key);
    list.append(element("li", "map__sign", symbol(layer.shape, layer.place, state), text));
  }
  return list;
}
