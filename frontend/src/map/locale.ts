/** MapLibre's own words in the page's language. */
import { word } from "../words";

export function mapLocale(label: string): Record<string, string> {
  return {
    "Map.Title": `${label}. ${word("mapHelp")}`,
    "NavigationControl.ZoomIn": word("zoomIn"),
    "NavigationControl.ZoomOut": word("zoomOut"),
    "NavigationControl.ResetBearing": word("north"),
    "Popup.Close": word("close"),
    "AttributionControl.ToggleAttribution": word("attribution"),
    "CooperativeGesturesHandler.WindowsHelpText": word("ctrlScroll"),
    "CooperativeGesturesHandler.MacHelpText": word("cmdScroll"),
    "CooperativeGesturesHandler.MobileHelpText": word("twoFingers"),
  };
}
