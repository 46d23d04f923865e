import { describe, expect, it, vi } from "vitest";

import { Waiting, settled } from "./waiting";

/** A form as far as it matters here: listeners of its submit, in their order, and what was sent. */
class Form {
  readonly sent: string[] = [];
  private readonly listeners: Array<(event: SubmitEvent) => void> = [];

  addEventListener(_type: string, listener: (event: SubmitEvent) => void): void {
    this.listeners.push(listener);
  }

  requestSubmit(button: unknown): void {
    let goesOn = true;
    const event = { submitter: button, preventDefault: () => (goesOn = false), stopImmediatePropagation: () => undefined };
    for (const listener of this.listeners) listener(event as unknown as SubmitEvent);
    if (goesOn) this.sent.push(String(button));
  }
}

function made(longest = 1_000): { form: Form; waiting: Waiting; told: ReturnType<typeof vi.fn> } {
  const form = new Form();
  const told = vi.fn();
  return { form, told, waiting: new Waiting(form as unknown as HTMLFormElement, told as () => void, longest) };
}

const turn = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

describe("a form with photos", () => {
  it("is sent at once when nothing is being drawn", () => {
    const { form } = made();
    form.requestSubmit("send");
    expect(form.sent).toEqual(["send"]);
  });

  it("waits until they are drawn, says so, and is sent once by the button that was pressed", async () => {
    const { form, waiting, told } = made();
    let ready = (): void => undefined;
    waiting.for(new Promise((done) => (ready = done)));
    form.requestSubmit("send");
    form.requestSubmit("send");
    expect([form.sent, told.mock.calls.length]).toEqual([[], 1]);
    ready();
    await turn();
    expect(form.sent).toEqual(["send"]);
  });

  it("does not wait for ever, nor twice for the same", async () => {
    vi.useFakeTimers();
    const { form, waiting } = made(1_000);
    waiting.for(new Promise(() => undefined));
    form.requestSubmit("send");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(form.sent).toEqual(["send"]);
    form.requestSubmit("again");
    expect(form.sent).toEqual(["send", "again"]);
    vi.useRealTimers();
  });

  it("goes on when a photo cannot be drawn", async () => {
    const { form, waiting } = made();
    waiting.for(Promise.reject(new Error("broken")));
    form.requestSubmit("send");
    await turn();
    expect(form.sent).toEqual(["send"]);
  });
});

it("a time that is over ends the waiting", async () => {
  await expect(settled([new Promise(() => undefined)], 1)).resolves.toBeUndefined();
});
