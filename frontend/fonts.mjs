// Cuts KERN's Fira Sans down to the Latin letters and signs of our pages: 130 kB per weight become about 30.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import subsetFont from "subset-font";

const FROM = new URL("node_modules/@kern-ux/native/dist/fonts/fira-sans/", import.meta.url);
const TO = new URL(".fonts/", import.meta.url);

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, place) => String.fromCodePoint(first + place)).join("");
}

// Basic Latin, Latin-1, Latin Extended-A; general punctuation, sub- and superscripts, €, ₂, arrows, minus, ≤ ≥ ≈
const CHARACTERS =
  range(0x20, 0x7e) + range(0xa0, 0x17f) + range(0x2002, 0x203a) + range(0x2070, 0x2089) + "ẞ€™←↑→↓−∞≈≠≤≥·Δ";

await mkdir(TO, { recursive: true });
for (const weight of ["Regular", "SemiBold"]) {
  const whole = await readFile(new URL(`FiraSans-${weight}.woff2`, FROM));
  const part = await subsetFont(whole, CHARACTERS, { targetFormat: "woff2" });
  await writeFile(new URL(`FiraSans-${weight}.woff2`, TO), part);
}
