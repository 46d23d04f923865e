/** Colours that differ for colour-blind readers too (after Okabe and Ito), each joined by a dash pattern. */

export interface ChartPalette {
  series: readonly string[];
  ink: string;
  soft: string;
  grid: string;
  paper: string;
  limit: string;
}

const LIGHT: ChartPalette = {
  series: ["#2044aa", "#b85600", "#00775f", "#8f3bb0", "#5b6475", "#7d6600"],
  ink: "#131525",
  soft: "#4a5070",
  grid: "#dfe3ee",
  paper: "#ffffff",
  limit: "#8c1d18",
};
const DARK: ChartPalette = {
  series: ["#93aef5", "#f0a45a", "#5fc7a6", "#d9a5f0", "#b8c0d0", "#dcc65a"],
  ink: "#f3f4f7",
  soft: "#b9bfd6",
  grid: "#333a55",
  paper: "#000000",
  limit: "#ff9b93",
};

export const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 4, 2, 4], [1, 4], [14, 5]];

export function chartPalette(isDark: boolean): ChartPalette {
  return isDark ? DARK : LIGHT;
}

export function seriesColour(palette: ChartPalette, place: number): string {
  return palette.series[place % palette.series.length] ?? palette.ink;
}

export function dash(place: number): readonly number[] {
  return DASHES[place % DASHES.length] ?? [];
}
