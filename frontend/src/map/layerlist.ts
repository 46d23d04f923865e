/** One layer: its part of the list, its features, and whether it is shown. */
import type { DrawnLayer, Kind } from "./drawing";
import { asShape, readItem, type Shape, type StadtFeature } from "./features";
import { addShowButton, replaceItems, writeItem } from "./list";
import { language } from "../words";

export type Show = (feature: StadtFeature, from: HTMLElement) => void;

export class LayerList implements DrawnLayer {
  readonly key: string;
  readonly title: string;
  readonly kind: Kind;
  readonly shape: Shape;
  readonly source: string;
  /** Its source is asked again for what is in view; what lies too close together comes as one feature with a count. */
  readonly follows: boolean;
  features: StadtFeature[] = [];
  visible: boolean;
  private readonly items: HTMLUListElement | null;

  constructor(
    private readonly root: HTMLDetailsElement,
    readonly place: number,
    private readonly show: Show,
  ) {
    this.key = root.dataset.layer ?? String(place);
    this.title = root.dataset.title ?? "";
    this.kind = root.dataset.kind === "areas" || root.dataset.kind === "outline" ? root.dataset.kind : "points";
    this.shape = asShape(root.dataset.shape);
    this.source = root.dataset.source ?? "";
    this.follows = root.dataset.follow !== undefined;
    this.visible = root.dataset.hidden === undefined;
    this.items = root.querySelector("ul");
    root.hidden = !this.visible;
    for (const item of this.listItems()) {
      const feature = readItem(item);
      if (!feature) continue;
      this.features.push(feature);
      this.addButton(item, feature);
    }
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.root.hidden = !visible;
    if (visible) this.root.open = true;
  }

  find(key: string): StadtFeature | undefined {
    return this.features.find((feature) => feature.properties.key === key);
  }

  /** Marks the item as the one shown on the map and brings it into view inside the list. */
  mark(key: string): void {
    for (const item of this.listItems()) {
      const isShown = item.dataset.key === key;
      item.toggleAttribute("data-shown", isShown);
      if (isShown) this.reveal(item);
    }
  }

  /** Gives the focus to the item's link or button; false when the feature is not of this layer. */
  focusItem(key: string): boolean {
    const item = this.listItems().find((candidate) => candidate.dataset.key === key);
    if (!item) return false;
    this.root.open = true;
    item.querySelector<HTMLElement>("a, button")?.focus();
    return true;
  }

  replace(features: StadtFeature[]): void {
    this.features = features;
    const isSimulated = features.length > 0 && features.every((feature) => feature.properties.simulated);
    const mark = this.root.querySelector<HTMLElement>(".map__all");
    if (mark) mark.hidden = !isSimulated;
    const items = features.map((feature) => {
      const item = writeItem(feature, !isSimulated);
      this.addButton(item, feature);
      return item;
    });
    if (this.items) replaceItems(this.items, items);
    const count = this.root.querySelector(".map__count");
    const total = features.reduce((sum, feature) => sum + (feature.properties.count ?? 1), 0);
    if (count) count.textContent = total.toLocaleString(language() === "en" ? "en-GB" : "de-DE");
  }

  private addButton(item: HTMLElement, feature: StadtFeature): void {
    addShowButton(item, feature.properties.title, () => {
      const button = item.querySelector("button");
      if (button) this.show(feature, button);
    });
  }

  private listItems(): HTMLElement[] {
    return [...(this.items?.children ?? [])].filter((child): child is HTMLElement => child instanceof HTMLElement);
  }

  private reveal(item: HTMLElement): void {
    const frame = this.root.closest<HTMLElement>(".map__lists");
    if (!frame) return;
    const inner = item.getBoundingClientRect();
    const outer = frame.getBoundingClientRect();
    if (inner.top < outer.top || inner.bottom > outer.bottom) frame.scrollTop += inner.top - outer.top - outer.height / 3;
  }
}
