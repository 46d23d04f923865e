/** The groups of the main menu open like native <details>; on wide screens they also close like a menu. */

const GROUPS = "details.menu__group[open]";

export function closeMenusOutside(page: Document): void {
  page.addEventListener("click", (event) => {
    for (const group of page.querySelectorAll<HTMLDetailsElement>(GROUPS)) {
      if (!(event.target instanceof Node && group.contains(event.target))) group.open = false;
    }
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const group of page.querySelectorAll<HTMLDetailsElement>(GROUPS)) {
      const hadFocus = group.contains(page.activeElement);
      group.open = false;
      if (hadFocus) group.querySelector("summary")?.focus();
    }
  });
}
