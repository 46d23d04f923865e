/** The note beside the pointer; placed by the style object, which the content security policy allows. */

export class Tip {
  /** Where Vega draws. */
  readonly surface = document.createElement("div");
  private readonly note = document.createElement("div");

  constructor(private readonly frame: HTMLElement) {
    this.note.className = "chart__tip";
    // the frame is an image with a description, its drawing and note are not read piece by piece
    this.surface.setAttribute("aria-hidden", "true");
    this.note.setAttribute("aria-hidden", "true");
    frame.append(this.surface, this.note);
  }

  hide(): void {
    this.note.classList.remove("is-shown");
  }

  /** Vega's tooltip handler: the first line of the text is the heading. */
  showText(event: MouseEvent, value: unknown): void {
    if (typeof value !== "string" || !value) {
      this.hide();
      return;
    }
    const frame = this.frame.getBoundingClientRect();
    this.showAt(event.clientX - frame.left, event, value.split("\n"));
  }

  showAt(x: number, event: MouseEvent, lines: readonly string[]): void {
    const [heading = "", ...others] = lines;
    const strong = document.createElement("strong");
    strong.textContent = heading;
    this.note.replaceChildren(strong, ...others.flatMap((line) => [line, document.createElement("br")]));
    this.note.classList.add("is-shown");
    const frame = this.frame.getBoundingClientRect();
    const { width, height } = this.note.getBoundingClientRect();
    const left = x + 12 + width > frame.width ? x - 12 - width : x + 12;
    const top = Math.min(Math.max(0, event.clientY - frame.top - height / 2), Math.max(0, frame.height - height));
    this.note.style.transform = `translate(${Math.max(0, left)}px, ${top}px)`;
  }
}
