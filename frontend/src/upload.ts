/** Uploads: a file can be dropped on its field, and a bar tells how far it is. Without this script the form works as any other. */

import { word } from "./words";

interface Answer {
  url?: string;
  detail?: string;
}

export function startUploads(page: Document): void {
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-upload]")) {
    const field = form.querySelector<HTMLInputElement>("input[type=file]");
    if (!field) continue;
    takeDrops(field);
    form.addEventListener("submit", (event) => {
      if (!field.files?.length) return; // the server says what is missing
      event.preventDefault();
      send(form, field.files[0] as File);
    });
  }
}

/** The field's whole block takes files that are dropped on it. */
function takeDrops(field: HTMLInputElement): void {
  const block = field.closest<HTMLElement>(".field") ?? field;
  block.classList.add("drop");
  const mark = (is: boolean) => (event: DragEvent) => {
    event.preventDefault();
    block.classList.toggle("drop--over", is);
  };
  block.addEventListener("dragover", mark(true));
  block.addEventListener("dragleave", mark(false));
  block.addEventListener("drop", (event) => {
    mark(false)(event);
    if (event.dataTransfer?.files.length) field.files = event.dataTransfer.files;
  });
}

function send(form: HTMLFormElement, file: File): void {
  const told = status(form);
  if (file.size > Number(form.dataset["largest"] ?? Infinity)) {
    fail(told, word("uploadTooLarge"));
    return;
  }
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) show(told, event.loaded / event.total);
  });
  const end = (failure: string): void => {
    if (button) button.disabled = false;
    fail(told, failure);
  };
  request.addEventListener("error", () => end(word("uploadBroken")));
  request.addEventListener("load", () => {
    const answer = request.response as Answer | null;
    if (request.status < 300 && answer?.url) window.location.assign(answer.url);
    else if (request.status === 401 || request.status === 403 || !answer) window.location.reload();
    else end(answer.detail ?? word("uploadBroken"));
  });
  if (button) button.disabled = true;
  show(told, 0);
  request.send(new FormData(form));
}

/** The place below the fields where progress and refusals are told; made once. */
function status(form: HTMLFormElement): HTMLElement {
  const known = form.querySelector<HTMLElement>("[data-upload-status]");
  if (known) return known;
  const made = document.createElement("div");
  made.dataset["uploadStatus"] = "";
  made.className = "upload-status";
  made.setAttribute("role", "status");
  form.querySelector(".toolbar")?.before(made);
  return made;
}

function show(told: HTMLElement, share: number): void {
  const percent = Math.round(share * 100);
  let bar = told.querySelector("progress");
  if (!bar) {
    const label = document.createElement("label");
    label.className = "progress";
    bar = document.createElement("progress");
    bar.max = 100;
    const words = document.createElement("span");
    label.append(words, bar);
    told.replaceChildren(label);
  }
  bar.value = percent;
  const words = told.querySelector("span");
  // Screen readers hear every quarter, not every packet.
  const text = word(share < 1 ? "uploadRunning" : "uploadTaken", { percent: String(percent) });
  if (words && (percent % 25 === 0 || !words.textContent)) words.textContent = text;
}

function fail(told: HTMLElement, message: string): void {
  const line = document.createElement("p");
  line.className = "kern-error";
  line.tabIndex = -1;
  line.textContent = message;
  told.replaceChildren(line);
  line.focus();
}

startUploads(document);
