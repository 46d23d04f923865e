import { describe, expect, it } from "vitest";

import { decode, encode } from "./passkeys";

describe("base64url", () => {
  it("gives back what it was given, whatever the length", () => {
    for (const length of [0, 1, 2, 3, 32, 65]) {
      const bytes = Uint8Array.from({ length }, (_, place) => (place * 7 + 250) % 256);
      const text = encode(bytes.buffer);
      expect(text).not.toMatch(/[+/=]/);
      expect(Array.from(decode(text))).toEqual(Array.from(bytes));
    }
  });
});
