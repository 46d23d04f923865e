/** Puts kept texts into the inputs of those names. */
export function fill(block: HTMLElement, fields: ReadonlyArray<[string, string]>): void {
  for (const [name, value] of fields) {
    const inputs = block.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(`[name="${CSS.escape(name)}"]`);
    for (const input of inputs) {
      if (input instanceof HTMLInputElement && (input.type === "radio" || input.type === "checkbox")) {
        input.checked ||= input.value === value;
      } else {
        input.value = value;
      }
    }
  }
}
