/** Holds a form back while its photos are being drawn anew, and sends it as soon as they are, or when it took too long. */

export const LONGEST_WAIT = 8_000;

export class Waiting {
  private readonly works = new Set<Promise<void>>();
  private isHeld = false;

  constructor(
    form: HTMLFormElement | null,
    private readonly tell: () => void,
    private readonly longest = LONGEST_WAIT,
  ) {
    // In the capturing phase, so that it comes before whoever sends the form by script.
    form?.addEventListener("submit", (event) => this.submitted(form, event), { capture: true });
  }

  for(work: Promise<void>): void {
    this.works.add(work);
    void work.finally(() => this.works.delete(work)).catch(() => undefined);
  }

  private submitted(form: HTMLFormElement, event: SubmitEvent): void {
    if (this.isHeld) return stop(event); // pressed once more while it waits
    if (!this.works.size) return;
    stop(event);
    this.isHeld = true;
    this.tell();
    const button = event.submitter;
    const works = [...this.works];
    void settled(works, this.longest).then(() => {
      for (const work of works) this.works.delete(work); // what is not ready by now is not waited for again
      this.isHeld = false;
      form.requestSubmit(button);
    });
  }
}

/** When all are done, well or not, or the time is over. */
export async function settled(works: ReadonlyArray<Promise<unknown>>, longest: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((done) => {
    timer = setTimeout(done, longest);
  });
  await Promise.race([Promise.allSettled(works), over]);
  clearTimeout(timer);
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
