/** The list beside the map: one item per feature, written like the server writes it, with a button to the map. */
import type { StadtFeature, State } from "./features";
import { word } from "../words";

const ICONS: Record<State, string> = { neutral: "", info: "info", success: "success", warning: "warning", danger: "danger" };

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: Array<Node | string>
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function icon(name: string): HTMLElement {
  const made = element("span", `kern-icon kern-icon--${name}`);
  made.setAttribute("aria-hidden", "true");
  return made;
}

export function badge(state: State, text: string): HTMLElement {
  const name = ICONS[state];
  const kind = name ? ` kern-badge--${state}` : "";
  const parts = [...(name ? [icon(name)] : []), element("span", "kern-label", text)];
  return element("span", `kern-badge badge badge--${state}${kind} kern-badge--small`, ...parts);
}

export function simulatedMark(): HTMLElement {
  const mark = element("span", "simulated__mark");
  mark.setAttribute("aria-hidden", "true");
  return element("span", "simulated", mark, word("simulated"));
}

/** The facts of a feature after its name: value, state, simulated mark, text. */
export function facts(feature: StadtFeature, marksSimulated = true): Array<Node | string> {
  const { value, state, state_label, simulated, text } = feature.properties;
  return [
    ...(value ? [" ", element("span", "map__value", value)] : []),
    ...(state_label ? [" ", badge(state, state_label)] : []),
    ...(simulated && marksSimulated ? [" ", simulatedMark()] : []),
    ...(text ? [" ", element("span", "map__text", text)] : []),
  ];
}

export function writeItem(feature: StadtFeature, marksSimulated: boolean): HTMLLIElement {
  const { key, title, url, state, simulated } = feature.properties;
  const name = element("span", "map__name");
  if (url) {
    const link = element("a", "kern-link kern-link--no-visited-state", title);
    link.href = url;
    name.append(link);
  } else {
    name.append(title);
  }
  const item = element("li", "map__item", name, ...facts(feature, marksSimulated));
  item.dataset.key = key;
  if (simulated) item.dataset.simulated = "";
  item.dataset.state = state;
  return item;
}

/** Puts the button "show on the map" into an item. */
export function addShowButton(item: HTMLElement, title: string, show: () => void): void {
  const label = element("span", "kern-sr-only", word("showNamed", { name: title }));
  const button = element("button", "map__show", pin(), label);
  button.type = "button";
  button.title = word("show");
  button.addEventListener("click", show);
  item.append(button);
}

function pin(): SVGSVGElement {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7Zm0 9.5A2.5 2.5 0 1 1 12 6.500a2.500 2.500 0 0 1 0 5Z");
  drawing.append(path);
  return drawing;
}

/** Replaces the items of a list, keeping the focus on the item that had it. */
export function replaceItems(list: HTMLElement, items: HTMLLIElement[]): void {
  const active = document.activeElement;
  const item = active instanceof HTMLElement && list.contains(active) ? active.closest<HTMLElement>("[data-key]") : null;
  const wasButton = active instanceof HTMLButtonElement;
  const key = item?.dataset.key;
  list.replaceChildren(...items);
  if (key === undefined) return;
  const same = items.find((candidate) => candidate.dataset.key === key);
  same?.querySelector<HTMLElement>(wasButton ? "button" : "a")?.focus();
}
