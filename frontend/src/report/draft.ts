/** What becomes of a report on the device: kept, waiting for a connection, being sent, sent, or refused. */
import type { Word } from "../words";

export type State = "kept" | "waiting" | "sending" | "sent" | "refused";
export type Happening = "changed" | "offline" | "send" | "arrived" | "refused";

export interface KeptDraft {
  key: string;
  state: State;
  fields: Array<[string, string]>;
  photos: File[];
  changed: number;
  reason?: string;
}

const NEXT: Record<State, Partial<Record<Happening, State>>> = {
  kept: { changed: "kept", offline: "waiting", send: "sending" },
  waiting: { changed: "kept", offline: "waiting", send: "sending" },
  sending: { offline: "waiting", arrived: "sent", refused: "refused" },
  sent: {},
  refused: { changed: "kept", send: "sending" },
};

/** The state after something happened; what cannot happen in a state changes nothing. */
export function next(state: State, happening: Happening): State {
  return NEXT[state][happening] ?? state;
}

export const WORDS: Record<State, Word> = {
  kept: "draftKept",
  waiting: "draftWaiting",
  sending: "draftSending",
  sent: "draftSent",
  refused: "draftRefused",
};

/** Fields that belong to one page of the form and are made anew when the draft is sent later. */
const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "started", "website", "report-step", "report-also", "report-seen"]);

/** What of a form's data is kept: texts of the report itself, without the page's own fields and without files. */
export function fieldsOf(entries: Iterable<[string, FormDataEntryValue]>): Array<[string, string]> {
  const kept: Array<[string, string]> = [];
  for (const [name, value] of entries) {
    if (typeof value === "string" && value !== "" && !OF_THE_PAGE.has(name)) kept.push([name, value]);
  }
  return kept;
}

/** Whether somebody wrote anything, so that an untouched form leaves nothing on the device. */
export function isWritten(fields: ReadonlyArray<[string, string]>, photos: number): boolean {
  return photos > 0 || fields.some(([name]) => name !== "report-key" && name !== "report-mail");
}

export const KEPT_DAYS = 14;

/** Drafts older than two weeks are forgotten: a device may have other users by then. */
export function isOld(draft: Pick<KeptDraft, "changed">, now: number): boolean {
  return now - draft.changed > KEPT_DAYS * 86_400_000;
}
