/** Time axes in Europe/Berlin whatever the reader's clock says: ticks on local hours, days, months and years. */

const ZONE = "Europe/Berlin";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

interface Local {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

export function berlin(instant: number): Local {
  const found = new Map(PARTS.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => found.get(name) ?? 0;
  return { year: part("year"), month: part("month"), day: part("day"), hour: part("hour"), minute: part("minute") };
}

/** The instant of a local time; a time that a clock change skips becomes the one an hour later. */
export function fromBerlin(year: number, month: number, day: number, hour = 0): number {
  const guess = Date.UTC(year, month - 1, day, hour);
  const first = guess - offset(guess);
  return guess - offset(first);
}

function offset(instant: number): number {
  const { year, month, day, hour, minute } = berlin(instant);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(instant / 60_000) * 60_000;
}

/** Reads "2026-11-16" as local midnight and date-times with an offset as they are; NaN for anything else. */
export function readTime(text: string): number {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return date ? fromBerlin(Number(date[1]), Number(date[2]), Number(date[3])) : Date.parse(text);
}

type Step = { unit: "hour" | "day" | "month" | "year"; count: number; length: number };

const STEPS: readonly Step[] = [
  ...[1, 2, 3, 6, 12].map((count) => ({ unit: "hour" as const, count, length: count * HOUR })),
  ...[1, 2, 7, 14].map((count) => ({ unit: "day" as const, count, length: count * DAY })),
  ...[1, 2, 3, 6].map((count) => ({ unit: "month" as const, count, length: count * 30 * DAY })),
  ...[1, 2, 5, 10, 25].map((count) => ({ unit: "year" as const, count, length: count * 365 * DAY })),
];

export interface Tick {
  at: number;
  label: string;
}

/** At most `most` ticks between two instants, on round local times, with short labels in the language. */
export function ticks(from: number, to: number, most: number, language: "de" | "en"): Tick[] {
  if (!(from < to) || most < 1) return Number.isFinite(from) ? [{ at: from, label: label(from, "hour", language) }] : [];
  const step = STEPS.find((candidate) => (to - from) / candidate.length <= most) ?? STEPS[STEPS.length - 1];
  if (!step) return [];
  const found: Tick[] = [];
  for (let at = firstTick(from, step); at <= to && found.length <= most + 2; at = nextTick(at, step)) {
    if (at >= from) found.push({ at, label: label(at, step.unit, language) });
  }
  return found;
}

function firstTick(from: number, step: Step): number {
  const { year, month, day, hour } = berlin(from);
  switch (step.unit) {
    case "hour":
      return fromBerlin(year, month, day, hour - (hour % step.count));
    case "day":
      return fromBerlin(year, month, day);
    case "month":
      return fromBerlin(year, month - ((month - 1) % step.count), 1);
    case "year":
      return fromBerlin(year - (year % step.count), 1, 1);
  }
}

function nextTick(at: number, step: Step): number {
  const { year, month, day, hour } = berlin(at);
  switch (step.unit) {
    case "hour":
      return step.count < 12 ? Math.max(at + HOUR, fromBerlin(year, month, day, hour + step.count)) : fromBerlin(year, month, day, hour + 12);
    case "day":
      return fromBerlin(year, month, day + step.count);
    case "month":
      return fromBerlin(year, month + step.count, 1);
    case "year":
      return fromBerlin(year + step.count, 1, 1);
  }
}

function label(at: number, unit: Step["unit"], language: "de" | "en"): string {
  const locale = language === "en" ? "en-GB" : "de-DE";
  const write = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options }).format(at);
  if (unit === "hour" && berlin(at).hour !== 0) return write({ hour: "2-digit", minute: "2-digit" });
  if (unit === "hour" || unit === "day") return write({ day: "numeric", month: language === "en" ? "short" : "numeric" });
  if (unit === "month") return write(berlin(at).month === 1 ? { month: "short", year: "numeric" } : { month: "short" });
  return write({ year: "numeric" });
}

export function moment(at: number, isDate: boolean, language: "de" | "en"): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "de-DE", {
    timeZone: ZONE,
    weekday: "short",
    day: "numeric",
    month: "numeric",
    year: "numeric",
    ...(isDate ? {} : { hour: "2-digit", minute: "2-digit" }),
  }).format(at);
}
