import { describe, expect, it } from "vitest";

import { readPosition } from "./exif";

interface Made {
  little?: boolean;
  lat?: [number, number, number];
  lon?: [number, number, number];
  refs?: [string, string];
}

/** A JPEG's beginning with an Exif block whose GPS fields say the position. */
function photo({ little = true, lat = [51, 31, 12], lon = [7, 5, 24], refs = ["N", "E"] }: Made = {}): ArrayBuffer {
  const bytes = new ArrayBuffer(220);
  const view = new DataView(bytes);
  const start = 12;
  view.setUint16(0, 0xffd8);
  view.setUint16(2, 0xffe1);
  view.setUint16(4, 200);
  "Exif".split("").forEach((letter, place) => view.setUint8(6 + place, letter.charCodeAt(0)));
  view.setUint16(start, little ? 0x4949 : 0x4d4d);
  view.setUint16(start + 2, 42, little);
  view.setUint32(start + 4, 8, little);
  view.setUint16(start + 8, 1, little);
  field(10, 0x8825, 26);
  view.setUint16(start + 26, 4, little);
  field(28, 1, 0);
  view.setUint8(start + 28 + 8, refs[0].charCodeAt(0));
  field(40, 2, 90);
  field(52, 3, 0);
  view.setUint8(start + 52 + 8, refs[1].charCodeAt(0));
  field(64, 4, 114);
  rationals(90, lat);
  rationals(114, lon);
  return bytes;

  function field(at: number, tag: number, value: number): void {
    view.setUint16(start + at, tag, little);
    view.setUint32(start + at + 8, value, little);
  }
  function rationals(at: number, parts: number[]): void {
    parts.forEach((part, place) => {
      view.setUint32(start + at + place * 8, part, little);
      view.setUint32(start + at + place * 8 + 4, 1, little);
    });
  }
}

describe("the position of a photo", () => {
  it("is read in both byte orders", () => {
    for (const little of [true, false]) {
      const found = readPosition(photo({ little }));
      expect(found?.lat).toBeCloseTo(51.52, 6);
      expect(found?.lon).toBeCloseTo(7.09, 6);
    }
  });
  it("is south and west where the photo says so", () => {
    const found = readPosition(photo({ refs: ["S", "W"] }));
    expect(found?.lat).toBeCloseTo(-51.52, 6);
    expect(found?.lon).toBeCloseTo(-7.09, 6);
  });
  it("is none where the camera wrote zeros", () => {
    expect(readPosition(photo({ lat: [0, 0, 0], lon: [0, 0, 0] }))).toBeNull();
  });
  it("is none outside the globe", () => {
    expect(readPosition(photo({ lat: [91, 0, 0] }))).toBeNull();
  });
  it("is none in what is no JPEG", () => {
    expect(readPosition(new ArrayBuffer(0))).toBeNull();
    expect(readPosition(new TextEncoder().encode("<svg/>").buffer as ArrayBuffer)).toBeNull();
  });
  it("is none, and no error, wherever the file breaks off or a byte is wrong", () => {
    const whole = new Uint8Array(photo());
    for (let end = 0; end < whole.length; end += 1) expect(() => readPosition(whole.slice(0, end).buffer)).not.toThrow();
    for (let place = 0; place < 140; place += 1) {
      const broken = whole.slice();
      broken[place] = 0xff;
      expect(() => readPosition(broken.buffer)).not.toThrow();
    }
  });
});
