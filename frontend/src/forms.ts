/** After a form was refused, the summary of its errors takes the focus, so that it is read first. */

export function focusFirstError(page: Document): void {
  page.querySelector<HTMLElement>("[data-focus]")?.focus();
}
