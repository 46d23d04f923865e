/** The few words that scripts put on the page, in the page's language. */

const GERMAN = {
  map: "Landkarte",
  mapHelp: "Mit den Pfeiltasten verschieben, mit Plus und Minus zoomen. Alle Einträge stehen auch in der Liste.",
  layers: "Ebenen",
  legend: "Zeichen",
  show: "Auf der Karte zeigen",
  showNamed: "{name} auf der Karte zeigen",
  inList: "In der Liste zeigen",
  more: "Mehr dazu",
  close: "Schließen",
  simulated: "simuliert",
  noWebgl: "Dieses Gerät kann die Landkarte nicht zeichnen. Der gleiche Inhalt steht hier als Liste.",
  asOf: "Stand: {time} Uhr",
  stale: "Aktualisierung nicht möglich. Stand: {time} Uhr",
  loadFailed: "Die Angaben konnten nicht geladen werden.",
  noBasemap: "Die Hintergrundkarte ist nicht erreichbar. Die Umrisse bleiben.",
  cluster: "{count} Einträge",
  zoomIn: "Hineinzoomen",
  zoomOut: "Herauszoomen",
  north: "Nach Norden ausrichten",
  ctrlScroll: "Zum Zoomen Strg gedrückt halten und rollen",
  cmdScroll: "Zum Zoomen ⌘ gedrückt halten und rollen",
  twoFingers: "Karte mit zwei Fingern bewegen",
  attribution: "Quellenangaben ein- und ausblenden",
  chart: "Diagramm",
  noValues: "Für diesen Zeitraum liegen keine Werte vor.",
  chartFailed: "Das Diagramm konnte nicht gezeichnet werden. Die Tabelle enthält alle Werte.",
  passkeyCancelled: "Abgebrochen. Sie können es noch einmal versuchen oder einen anderen Weg wählen.",
  passkeyKnown: "Dieser Passkey gehört schon zu Ihrem Konto.",
  passkeyFailed: "Das hat mit dem Passkey nicht geklappt. Bitte versuchen Sie es noch einmal.",
  uploadRunning: "Wird hochgeladen: {percent} %",
  uploadTaken: "Die Datei ist da und wird gespeichert.",
  uploadTooLarge: "Die Datei ist größer als 2 GB.",
  uploadBroken: "Die Datei kam nicht an. Bitte versuchen Sie es noch einmal.",
} as const;

const ENGLISH: Record<keyof typeof GERMAN, string> = {
  map: "Map",
  mapHelp: "Move with the arrow keys, zoom with plus and minus. All entries are in the list as well.",
  layers: "Layers",
  legend: "Signs",
  show: "Show on the map",
  showNamed: "Show {name} on the map",
  inList: "Show in the list",
  more: "More about this",
  close: "Close",
  simulated: "simulated",
  noWebgl: "This device cannot draw the map. The same content is listed here.",
  asOf: "As of {time}",
  stale: "Could not be updated. As of {time}",
  loadFailed: "The entries could not be loaded.",
  noBasemap: "The background map cannot be reached. The outlines stay.",
  cluster: "{count} entries",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  north: "Reset to north",
  ctrlScroll: "Hold Ctrl and scroll to zoom the map",
  cmdScroll: "Hold ⌘ and scroll to zoom the map",
  twoFingers: "Use two fingers to move the map",
  attribution: "Show or hide sources",
  chart: "Chart",
  noValues: "There are no values for this period.",
  chartFailed: "The chart could not be drawn. The table holds all values.",
  passkeyCancelled: "Cancelled. You can try again or choose another way.",
  passkeyKnown: "This passkey belongs to your account already.",
  passkeyFailed: "That did not work with the passkey. Please try again.",
  uploadRunning: "Uploading: {percent} %",
  uploadTaken: "The file has arrived and is being saved.",
  uploadTooLarge: "The file is larger than 2 GB.",
  uploadBroken: "The file did not arrive. Please try again.",
};

export type Word = keyof typeof GERMAN;

export function language(): "de" | "en" {
  return typeof document !== "undefined" && document.documentElement.lang.startsWith("en") ? "en" : "de";
}

export function word(key: Word, values: Record<string, string> = {}): string {
  const text = (language() === "en" ? ENGLISH : GERMAN)[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export function clock(time: Date): string {
  return time.toLocaleTimeString(language() === "en" ? "en-GB" : "de-DE", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Berlin",
  });
}
