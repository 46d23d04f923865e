/** The list of addresses below a text field, as a combobox (WAI-ARIA APG): arrows choose, Enter takes, Escape closes. */
import { element } from "../map/list";
import { word } from "../words";
import type { Spot } from "./answers";

let made = 0;

export class Suggestions {
  readonly list = element("ul", "place__spots");
  private spots: Spot[] = [];
  private active = -1;

  constructor(
    private readonly field: HTMLInputElement,
    private readonly take: (spot: Spot) => void,
  ) {
    made += 1;
    this.list.id = `place-spots-${made}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", word("placeSpots"));
    this.list.hidden = true;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-expanded", "false");
    field.autocomplete = "off";
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => window.setTimeout(() => this.close(), 200)); // a tap on the list comes first
  }

  show(spots: Spot[]): void {
    this.spots = spots;
    this.active = -1;
    this.list.replaceChildren(...spots.map((spot, place) => this.option(spot, place)));
    this.list.hidden = !spots.length;
    this.field.setAttribute("aria-expanded", String(spots.length > 0));
    this.field.removeAttribute("aria-activedescendant");
  }

  close(): void {
    this.show([]);
  }

  private option(spot: Spot, place: number): HTMLLIElement {
    const option = element("li", "place__spot", element("span", "place__name", spot.name));
    if (spot.area) option.append(" ", element("span", "place__area", spot.area));
    if (spot.isSimulated) option.append(" ", element("span", "place__area", `(${word("simulated")})`));
    option.id = `${this.list.id}-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
    option.addEventListener("click", () => this.choose(spot));
    return option;
  }

  private choose(spot: Spot): void {
    this.close();
    this.take(spot);
  }

  private key(event: KeyboardEvent): void {
    const count = this.spots.length;
    if (!count) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      const spot = this.spots[this.active];
      if (spot) this.choose(spot);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : this.active < 0 ? 0 : -1) + count) % count;
      [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === this.active)));
      const chosen = this.list.children[this.active];
      chosen?.scrollIntoView({ block: "nearest" });
      this.field.setAttribute("aria-activedescendant", chosen?.id ?? "");
    }
  }
}
