/** Filters that a phone folds away stand open on wide screens: by styles, or here where the browser's styles cannot. */

export function openOnWide(page: Document): void {
  if (CSS.supports("selector(::details-content)") || !window.matchMedia("(min-width: 48rem)").matches) return;
  for (const fold of page.querySelectorAll<HTMLDetailsElement>("details.fold--narrow")) fold.open = true;
}
