/** Colours of the map in the light and the dark scheme; every colour is joined by a shape, a sign or a word. */
import type { State } from "./features";

export interface Palette {
  ground: string;
  land: string;
  border: string;
  outline: string;
  ink: string;
  halo: string;
  cluster: string;
  onCluster: string;
  layers: readonly string[];
  states: Record<Exclude<State, "neutral">, string>;
  sign: string;
}

const LIGHT: Palette = {
  ground: "#eef1f6",
  land: "#fbfcfe",
  border: "#a9b3cc",
  outline: "#4c5a85",
  ink: "#131525",
  halo: "#ffffff",
  cluster: "#131f4d",
  onCluster: "#ffffff",
  layers: ["#2044aa", "#0a7a72", "#8a3ab9", "#8a5a00", "#5b6475"],
  states: { info: "#006b8c", success: "#00714f", warning: "#a35200", danger: "#b3201a" },
  sign: "#ffffff",
};

const DARK: Palette = {
  ground: "#0c0f1c",
  land: "#171c30",
  border: "#465073",
  outline: "#96a3cc",
  ink: "#f3f4f7",
  halo: "#0c0f1c",
  cluster: "#dfe6fb",
  onCluster: "#101323",
  layers: ["#93aef5", "#5fc7bd", "#d3a2ee", "#e0b45a", "#b8c0d0"],
  states: { info: "#5fc3e4", success: "#63cba5", warning: "#f0b25a", danger: "#ff9b93" },
  sign: "#101323",
};

export function palette(isDark: boolean): Palette {
  return isDark ? DARK : LIGHT;
}

export function layerColour(colours: Palette, place: number): string {
  return colours.layers[place % colours.layers.length] ?? colours.ink;
}

export function featureColour(colours: Palette, state: State, place: number): string {
  return state === "neutral" ? layerColour(colours, place) : colours.states[state];
}
