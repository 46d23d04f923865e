/** Finds a category by its title and by the other words people have for it. */
import { element } from "../map/list";
import { word } from "../words";

const LABEL = "art-suche";

/** Whether every word that was typed begins or stands in one of the known words; nothing typed fits everything. */
export function fits(known: string, typed: string): boolean {
  const all = folded(known);
  return folded(typed)
    .split(/\s+/)
    .every((part) => all.includes(part));
}

function folded(text: string): string {
  return text.toLocaleLowerCase("de").replaceAll("ß", "ss").normalize("NFD").replace(/\p{M}/gu, "");
}

/** A field above the tiles; those that do not fit are put away until it is empty again. */
export function addSearch(choice: HTMLElement): void {
  const field = element("input", "kern-form-input__input");
  field.type = "search";
  field.id = LABEL;
  field.autocomplete = "off";
  field.maxLength = 60;
  const label = element("label", "kern-label", word("reportSearch"));
  label.htmlFor = LABEL;
  const status = element("p", "muted");
  status.setAttribute("role", "status");
  field.addEventListener("input", (event) => {
    event.stopPropagation(); // nothing of the report was written
    const found = show(choice, field.value.trim());
    status.textContent = found ? "" : word("reportNothing");
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // or the form is sent
  });
  choice.querySelector("summary")?.after(element("div", "field kern-form-input", label, field, status));
}

function show(choice: HTMLElement, typed: string): number {
  let found = 0;
  for (const group of choice.querySelectorAll<HTMLElement>(".tiles")) {
    const tiles = [...group.querySelectorAll<HTMLElement>("[data-words]")];
    for (const tile of tiles) tile.hidden = !fits(tile.dataset["words"] ?? "", typed);
    const shown = tiles.filter((tile) => !tile.hidden).length;
    group.hidden = !shown;
    found += shown;
  }
  return found;
}
