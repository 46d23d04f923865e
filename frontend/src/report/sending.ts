/** Sends a report: now, with the form's own data, or later with a fresh form's token and time stamp. */
import type { KeptDraft } from "./draft";

export type Outcome = { kind: "arrived"; reference: string; url: string } | { kind: "refused"; reason: string } | { kind: "offline" };

const PEOPLE_NEED = 3_200; // the form takes nothing that was filled in faster than in three seconds

export async function send(address: string, data: FormData): Promise<Outcome> {
  data.set("report-step", "send");
  let answer: Response;
  try {
    answer = await fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } });
  } catch {
    return { kind: "offline" };
  }
  if (answer.status === 201) {
    const { reference, url } = (await answer.json()) as { reference: string; url: string };
    return { kind: "arrived", reference, url };
  }
  // the city cannot take it right now: it is tried again as if there were no connection
  if (answer.status >= 500 || answer.status === 429) return { kind: "offline" };
  return { kind: "refused", reason: await reasonOf(answer) };
}

export async function sendKept(address: string, draft: KeptDraft, wait = PEOPLE_NEED): Promise<Outcome> {
  const data = new FormData();
  try {
    const page = await fetch(address, { headers: { Accept: "text/html" } });
    if (!page.ok) return { kind: "offline" };
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    for (const name of ["csrfmiddlewaretoken", "started"]) {
      data.set(name, fresh.querySelector<HTMLInputElement>(`form.report input[name=${name}]`)?.value ?? "");
    }
  } catch {
    return { kind: "offline" };
  }
  for (const [name, value] of draft.fields) data.append(name, value);
  for (const photo of draft.photos) data.append("report-photo", photo, photo.name);
  await new Promise((done) => setTimeout(done, wait));
  return send(address, data);
}

async function reasonOf(answer: Response): Promise<string> {
  try {
    const told = (await answer.json()) as { detail?: string; errors?: Array<{ message: string }> };
    return told.errors?.map((error) => error.message).join(" ") || told.detail || "";
  } catch {
    return "";
  }
}
