/**
 * <stadt-report>: what JavaScript adds to the form of a report. The form alone does everything in plain steps.
 *
 * It takes a photo's place over, fetches what belongs to the chosen category (warning, questions, known reports), keeps
 * the draft on the device, and sends it when there is a connection. Attributes: data-hints, data-form (addresses).
 */
import { element } from "../map/list";
import { StadtPhoto } from "../photo/element";
import type { Position } from "../photo/exif";
import { StadtPlace } from "../place/element";
import { word } from "../words";
import { type Happening, type KeptDraft, WORDS, fieldsOf, isWritten, next } from "./draft";
import { fill } from "./filling";
import { keepForm } from "./offline";
import { addSearch } from "./search";
import { type Outcome, send, sendKept } from "./sending";
import { forget, keep, list } from "./store";

const WAIT = 600;
const TRY_AGAIN = 60_000;

class StadtReport extends HTMLElement {
  private form: HTMLFormElement | null = null;
  private draft: KeptDraft | null = null;
  private keeping: number | undefined;
  private asking: number | undefined;
  private asked = "";
  private goesPlain = false;

  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form || this.form) return;
    this.form = form;
    const key = ownKey(this.querySelector<HTMLInputElement>("[name=report-key]"));
    this.draft = { key, state: "kept", fields: [], photos: [], changed: Date.now() };
    this.showSend();
    const choice = this.block("choice");
    if (choice) addSearch(choice);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", (event) => this.chose(event));
    form.addEventListener("submit", (event) => this.submitted(event));
    this.addEventListener("stadt-photos", () => this.changed());
    this.addEventListener("stadt-position", (event) => this.placed((event as CustomEvent<Position>).detail));
    this.addEventListener("stadt-place", () => this.changed());
    window.addEventListener("online", this.online);
    void this.offer();
    void this.sendWaiting();
    keepForm(this.dataset["worker"]);
    this.toggleAttribute("data-ready", true);
  }

  disconnectedCallback(): void {
    window.removeEventListener("online", this.online);
  }

  private readonly online = (): void => void this.sendWaiting();

  private block(name: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(`[data-report=${name}]`);
  }

  private get photos(): StadtPhoto | null {
    return this.querySelector<StadtPhoto>("stadt-photo");
  }

  /** Whether this is the page that the device kept for times without a connection. */
  private get isOffline(): boolean {
    return this.hasAttribute("data-offline");
  }

  private get place(): StadtPlace | null {
    return this.querySelector<StadtPlace>("stadt-place");
  }

  /** With this script everything stands on one page, so its button sends at once. */
  private showSend(): void {
    const button = this.querySelector<HTMLButtonElement>("button[name=report-step][value=check]");
    if (!button || this.querySelector("button[name=report-step][value=send]")) return;
    button.value = "send";
    button.querySelector(".kern-label")?.replaceChildren(word("draftSend"));
  }

  private placed(position: Position): void {
    if (this.place?.point) return; // what somebody set by hand stays
    void this.place?.set(position).then(() => this.say(word("photoPosition")));
  }

  private chose(event: Event): void {
    const radio = event.target;
    if (!(radio instanceof HTMLInputElement) || radio.name !== "report-category") return;
    const chosen = this.block("chosen");
    if (chosen) chosen.textContent = word("reportChange", { title: radio.dataset["title"] ?? "" });
    this.block("choice")?.removeAttribute("open");
    void this.ask(true);
  }

  private changed(): void {
    window.clearTimeout(this.keeping);
    this.keeping = window.setTimeout(() => void this.store("changed"), WAIT);
    window.clearTimeout(this.asking);
    this.asking = window.setTimeout(() => void this.ask(false), WAIT);
  }

  private async store(happening: Happening): Promise<boolean> {
    if (!this.form || !this.draft || this.draft.state === "sent") return false;
    const fields = fieldsOf(new FormData(this.form).entries());
    const photos = [...(this.photos?.files ?? [])];
    if (!isWritten(fields, photos.length)) return false;
    this.draft = { ...this.draft, fields, photos, changed: Date.now(), state: next(this.draft.state, happening) };
    const isKept = await keep(this.draft);
    if (isKept) this.say(word(WORDS[this.draft.state]));
    return isKept;
  }

  /** What belongs to the category at this place; asked again when one of both changed. */
  private async ask(goesThere: boolean): Promise<void> {
    const category = this.querySelector<HTMLInputElement>("[name=report-category]:checked")?.value ?? "";
    const hints = this.block("hints");
    const address = this.dataset["hints"];
    if (!category || !hints || !address || !this.form) return;
    const point = this.place?.point;
    const query = new URLSearchParams({ art: category });
    if (point) {
      query.set("lon", String(point.lon));
      query.set("lat", String(point.lat));
    }
    const asset = this.querySelector<HTMLInputElement>("[name=report-asset]")?.value;
    if (asset) query.set("ding", asset);
    if (query.toString() === this.asked) return;
    let text: string;
    try {
      const answer = await fetch(`${address}?${query}`, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      text = await answer.text();
    } catch {
      return; // the report goes without them
    }
    this.asked = query.toString();
    const answers = fieldsOf(new FormData(this.form).entries());
    hints.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    fill(hints, answers);
    const stops = hints.querySelector(".kern-alert--danger") !== null;
    for (const more of this.querySelectorAll<HTMLElement>("[data-report=more]")) more.hidden = stops;
    if (goesThere) hints.scrollIntoView({ block: "start", behavior: "auto" });
  }

  private submitted(event: SubmitEvent): void {
    const button = event.submitter as HTMLButtonElement | null;
    if (this.goesPlain || button?.value !== "send" || !this.form || !this.dataset["form"]) return;
    event.preventDefault();
    button.disabled = true;
    void this.sendNow(button).finally(() => {
      button.disabled = false;
    });
  }

  private async sendNow(button: HTMLButtonElement): Promise<void> {
    if (!this.form || !this.draft) return;
    window.clearTimeout(this.keeping); // or what was written a moment ago is kept as not sent, after it was
    const isKept = await this.store("changed");
    this.draft.state = next(this.draft.state, "send");
    this.say(word("draftSending"));
    const address = this.dataset["form"] ?? "";
    // A page that was kept on the device has no token of its own: it is sent with those of a fresh one.
    const outcome = this.isOffline ? await sendKept(address, this.draft) : await send(address, new FormData(this.form));
    if (this.isOffline && outcome.kind !== "arrived") {
      await this.conclude(this.draft, outcome);
      if (outcome.kind === "offline" && !isKept) this.say(word("draftUnkept"));
      return;
    }
    if (outcome.kind === "refused" || (outcome.kind === "offline" && !isKept)) {
      this.goesPlain = true; // the server's own page says what is missing, beside the fields
      button.disabled = false;
      this.form.requestSubmit(button);
      return;
    }
    await this.conclude(this.draft, outcome);
    if (outcome.kind === "arrived" && outcome.url) window.location.assign(outcome.url);
  }

  private async conclude(draft: KeptDraft, outcome: Outcome): Promise<void> {
    draft.state = next(draft.state, outcome.kind);
    if (outcome.kind === "arrived") {
      await forget(draft.key);
    } else {
      if (outcome.kind === "refused") draft.reason = outcome.reason;
      await keep(draft);
    }
    if (outcome.kind === "offline") window.setTimeout(this.online, TRY_AGAIN);
    this.say(word(WORDS[draft.state], { reason: draft.reason ?? "" }));
  }

  /** Sends what waits on the device, one after the other. */
  private async sendWaiting(): Promise<void> {
    if (!navigator.onLine) return;
    for (const draft of await list(Date.now())) {
      if (draft.state !== "waiting" && draft.state !== "sending") continue;
      draft.state = next(next(draft.state, "offline"), "send");
      const outcome = await sendKept(this.dataset["form"] ?? "", draft);
      await this.conclude(draft, outcome);
      if (outcome.kind === "offline") return;
      if (outcome.kind !== "arrived") continue;
      if (draft.key === this.draft?.key) {
        this.draft.state = "sent"; // it is the one on this page: nothing more to write
        if (outcome.url) return window.location.assign(outcome.url);
      }
      if (outcome.url) this.link(outcome.url);
    }
  }

  /** Offers a draft of an earlier visit; nobody's text appears before somebody asks for it. */
  private async offer(): Promise<void> {
    const key = this.draft?.key;
    const drafts = await list(Date.now());
    const left = drafts.find((draft) => draft.key !== key && (draft.state === "kept" || draft.state === "refused"));
    const line = this.block("kept");
    if (!left || !line) return;
    const go = choice(word("draftContinue"), () => {
      line.replaceChildren();
      void this.restore(left);
    });
    const drop = choice(word("draftForget"), () => {
      line.replaceChildren();
      void forget(left.key);
    });
    const why = left.reason ? ` ${word("draftRefused", { reason: left.reason })}` : "";
    line.replaceChildren(element("p", "", word("draftFound") + why), element("div", "place__ways", go, drop));
  }

  private async restore(left: KeptDraft): Promise<void> {
    if (!this.form) return;
    this.draft = { ...left, state: "kept" };
    fill(this.form, left.fields);
    this.photos?.restore(left.photos);
    this.place?.show();
    await this.ask(false);
    fill(this.form, left.fields); // the questions are there now
  }

  private link(url: string): void {
    const link = element("a", "kern-link kern-link--no-visited-state", word("draftReceipt"));
    link.href = url;
    this.block("state")?.append(" ", link);
  }

  private say(text: string): void {
    const line = this.block("state");
    if (line) line.textContent = text;
  }
}

/** The page's key; a page that was kept for many reports has none, and each report needs its own. */
function ownKey(field: HTMLInputElement | null): string {
  if (field && !field.value) field.value = crypto.randomUUID();
  return field?.value ?? "";
}

function choice(label: string, act: () => void): HTMLButtonElement {
  const button = element("button", "kern-btn kern-btn--secondary", element("span", "kern-label", label));
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}

customElements.define("stadt-report", StadtReport);
