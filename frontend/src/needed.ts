/** Loads the map, the charts and HTMX only on pages that use them. */

const LOADERS: ReadonlyArray<readonly [string, () => Promise<unknown>]> = [
  ["stadt-map", () => import("./map/element")],
  ["stadt-chart", () => import("./chart/element")],
  ["stadt-draw", () => import("./draw/element")],
  ["stadt-photo", () => import("./photo/element")],
  ["stadt-place", () => import("./place/element")],
  ["stadt-report", () => import("./report/element")],
  ["stadt-redact", () => import("./redact/element")],
  ["form[data-upload]", () => import("./upload")],
  ["form[data-here]", () => import("./here")],
  ["form[data-passkey]", () => import("./passkeys")],
  ["[hx-get], [hx-post], [hx-put], [hx-delete], [hx-boost]", () => import("./htmx")],
];

export function loadNeeded(page: Document): void {
  const waiting = new Set(LOADERS);
  const look = (): void => {
    for (const loader of waiting) {
      const [selector, load] = loader;
      if (!page.querySelector(selector)) continue;
      waiting.delete(loader);
      // without the script the list or the table that is in the element stays
      load().catch((error: unknown) => console.error(error));
    }
  };
  look();
  page.addEventListener("htmx:afterSwap", look);
}
