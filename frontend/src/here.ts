/** A form that sends the device's position once and keeps it nowhere; without this script the form stays hidden. */
import { word } from "./words";

export function startHere(form: HTMLFormElement): void {
  const [lon, lat] = ["lon", "lat"].map((name) => form.elements.namedItem(name));
  const status = form.querySelector<HTMLElement>("[data-here-status]");
  if (!(lon instanceof HTMLInputElement) || !(lat instanceof HTMLInputElement)) return;
  if (!("geolocation" in navigator) || !window.isSecureContext) return;
  const say = (text: string): void => {
    if (status) status.textContent = text;
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say(word("placeLocating"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        lon.value = coords.longitude.toFixed(4);
        lat.value = coords.latitude.toFixed(4);
        form.submit();
      },
      () => say(word("placeNoPosition")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-here]")) startHere(form);
