import { describe, expect, it } from "vitest";

import { type Happening, type State, fieldsOf, isOld, isWritten, next, WORDS } from "./draft";

const STATES: State[] = ["kept", "waiting", "sending", "sent", "refused"];
const HAPPENINGS: Happening[] = ["changed", "offline", "send", "arrived", "refused"];

describe("a report on the device", () => {
  it("waits when there is no connection, and is sent when there is one", () => {
    const told: Happening[] = ["send", "offline", "send", "arrived"];
    const states = told.reduce<State[]>((all, what) => [...all, next(all.at(-1) ?? "kept", what)], ["kept"]);
    expect(states).toEqual(["kept", "sending", "waiting", "sending", "sent"]);
  });
  it("stays sent, whatever happens", () => {
    for (const what of HAPPENINGS) expect(next("sent", what)).toBe("sent");
  });
  it("is mended after a refusal", () => {
    expect(next("refused", "changed")).toBe("kept");
    expect(next("refused", "send")).toBe("sending");
  });
  it("arrives only when it was sent", () => {
    for (const state of STATES) if (state !== "sending") expect(next(state, "arrived")).toBe(state);
  });
  it("has words for every state", () => {
    expect(Object.keys(WORDS).sort()).toEqual([...STATES].sort());
  });
});

describe("what is kept of a form", () => {
  const data: Array<[string, FormDataEntryValue]> = [
    ["csrfmiddlewaretoken", "secret"],
    ["started", "stamp"],
    ["report-key", "k"],
    ["report-text", "Loch"],
    ["report-name", ""],
    ["kind", "hole"],
    ["report-photo", new File(["x"], "x.jpg")],
  ];
  it("are the texts, without what belongs to the page", () => {
    expect(fieldsOf(data)).toEqual([["report-key", "k"], ["report-text", "Loch"], ["kind", "hole"]]);
  });
  it("is nothing when nobody wrote anything", () => {
    expect(isWritten([["report-key", "k"], ["report-mail", "on"]], 0)).toBe(false);
    expect(isWritten([["report-key", "k"]], 1)).toBe(true);
    expect(isWritten([["report-category", "tree"]], 0)).toBe(true);
  });
  it("is forgotten after two weeks", () => {
    const day = 86_400_000;
    expect(isOld({ changed: 0 }, 13 * day)).toBe(false);
    expect(isOld({ changed: 0 }, 15 * day)).toBe(true);
  });
});
