/**
 * <stadt-photo>: wraps a file input. On the device it reads where a photo was taken, draws the photo anew without
 * metadata, and shows it. What the form sends are the drawn ones: a form that is sent while they are drawn waits for
 * them, but not for ever; after that the chosen files go, which the server strips. Without this script the plain input stays.
 *
 * Attributes: data-most (how many photos). Fires `stadt-position` (detail: Position) and `stadt-photos`; both bubble.
 */
import { element } from "../map/list";
import { word } from "../words";
import { type Position, readPosition } from "./exif";
import { plainName, redraw } from "./redraw";
import { Waiting } from "./waiting";

const HEAD = 256 * 1024; // the Exif block stands at the beginning and is at most 64 kB

export class StadtPhoto extends HTMLElement {
  private input: HTMLInputElement | null = null;
  private readonly kept: File[] = [];
  private readonly list = element("ul", "photos");
  private readonly status = element("p", "photos__status");
  private made = 0;

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    if (!input || this.input) return;
    this.input = input;
    this.status.setAttribute("role", "status");
    this.list.hidden = true;
    this.append(this.list, this.status);
    const waiting = new Waiting(input.form, () => this.say(word("photoWait")));
    input.addEventListener("change", () => waiting.for(this.take([...(input.files ?? [])])));
    this.toggleAttribute("data-ready", true);
  }

  get files(): readonly File[] {
    return this.kept;
  }

  /** Photos that a kept draft brings back; they were drawn anew when they were taken. */
  restore(files: readonly File[]): void {
    this.kept.splice(0, this.kept.length, ...files);
    this.made = Math.max(this.made, files.length);
    this.show();
  }

  private get most(): number {
    return Number(this.dataset.most) || 5;
  }

  private async take(chosen: File[]): Promise<void> {
    const known = new Set(this.kept);
    const fresh = chosen.filter((file) => !known.has(file));
    if (!fresh.length) return this.show();
    this.say(word("photoWorking"));
    this.put([...this.kept, ...fresh].slice(0, this.most)); // should the form go before they are drawn
    let position: Position | null = null;
    let refused = 0;
    for (const file of fresh) {
      if (this.kept.length >= this.most) {
        this.show(word("photoMost", { count: String(this.most) }));
        return this.tell(position);
      }
      position ??= readPosition(await file.slice(0, HEAD).arrayBuffer());
      try {
        this.made += 1;
        this.kept.push(await redraw(file, plainName(this.made)));
      } catch {
        refused += 1;
      }
    }
    this.show(refused ? word("photoUnreadable") : word("photoCleaned"));
    this.tell(position);
  }

  private tell(position: Position | null): void {
    if (position) this.dispatchEvent(new CustomEvent<Position>("stadt-position", { bubbles: true, detail: position }));
    this.dispatchEvent(new CustomEvent("stadt-photos", { bubbles: true }));
  }

  /** The input holds exactly the photos that are shown, so that an ordinary form sends them. */
  private show(text = ""): void {
    this.put(this.kept);
    for (const picture of this.list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    this.list.replaceChildren(...this.kept.map((file, place) => this.item(file, place)));
    this.list.hidden = !this.kept.length;
    this.say(text);
  }

  private put(files: readonly File[]): void {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    if (this.input) this.input.files = transfer.files;
  }

  private item(file: File, place: number): HTMLLIElement {
    const number = String(place + 1);
    const picture = element("img", "photos__picture");
    picture.src = URL.createObjectURL(file);
    picture.alt = word("photoNumber", { number });
    const remove = element("button", "kern-btn kern-btn--tertiary photos__remove", element("span", "kern-label", word("photoRemove")));
    remove.type = "button";
    remove.setAttribute("aria-label", word("photoRemoveNumber", { number }));
    remove.addEventListener("click", () => {
      this.kept.splice(place, 1);
      this.show(word("photoRemoved"));
      this.input?.focus();
      this.tell(null);
    });
    return element("li", "photos__item", picture, remove);
  }

  private say(text: string): void {
    this.status.textContent = text;
  }
}

if (!customElements.get("stadt-photo")) customElements.define("stadt-photo", StadtPhoto);
