/** Passkeys (WebAuthn): makes one, shows one, signs in with one. The forms stay hidden where the browser cannot. */

import { word } from "./words";

type Json = Record<string, unknown>;

const BINARY_IN = new Set(["challenge", "id"]);

export function startPasskeys(page: Document): void {
  if (!("PublicKeyCredential" in window)) return;
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.hidden = false;
    form.querySelector<HTMLElement>("[data-passkey-button]")?.removeAttribute("hidden");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form).catch((error: unknown) => fail(form, error));
    });
  }
}

async function run(form: HTMLFormElement): Promise<void> {
  const kind = form.dataset["passkey"];
  const credential = kind === "make" ? await make(form) : await show(kind === "sign-in" ? await ask(form) : given(form));
  const field = form.elements.namedItem("credential");
  if (!(field instanceof HTMLInputElement)) throw new Error("the form has no field for the credential");
  field.value = JSON.stringify(credential);
  form.submit();
}

/** The options that came with the page. */
function given(form: HTMLFormElement): Json {
  const data = form.querySelector("#passkey-data")?.textContent ?? "{}";
  return JSON.parse(data) as Json;
}

/** The options of a sign-in are fetched when somebody wants one, because each can be used once. */
async function ask(form: HTMLFormElement): Promise<Json> {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`asked for a passkey's options, got ${answer.status}`);
  return (await answer.json()) as Json;
}

async function make(form: HTMLFormElement): Promise<Json> {
  const { publicKey } = given(form)["creation_options"] as { publicKey: Json };
  const isPasswordless = (form.elements.namedItem("passwordless") as HTMLInputElement | null)?.checked ?? false;
  const selection = publicKey["authenticatorSelection"] as Json;
  selection["residentKey"] = isPasswordless ? "required" : "discouraged";
  selection["requireResidentKey"] = isPasswordless;
  if (isPasswordless) selection["userVerification"] = "required";
  const made = await navigator.credentials.create({ publicKey: decoded(publicKey) as never });
  const credential = made as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...head(credential),
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      attestationObject: encode(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

async function show(data: Json): Promise<Json> {
  const { publicKey } = data["request_options"] as { publicKey: Json };
  const shown = await navigator.credentials.get({ publicKey: decoded(publicKey) as never });
  const credential = shown as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...head(credential),
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      authenticatorData: encode(response.authenticatorData),
      signature: encode(response.signature),
      userHandle: response.userHandle ? encode(response.userHandle) : null,
    },
  };
}

function head(credential: PublicKeyCredential): Json {
  return {
    type: credential.type,
    id: credential.id,
    rawId: encode(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

/** The options as the browser wants them: `challenge` and every `id` but the relying party's as bytes. */
export function decoded(options: Json): Json {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => {
      if (key === "rp") return [key, value];
      if (typeof value === "string" && BINARY_IN.has(key)) return [key, decode(value)];
      if (Array.isArray(value)) return [key, value.map((item) => (isObject(item) ? decoded(item) : item))];
      return [key, isObject(value) ? decoded(value) : value];
    }),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** base64url without padding, as WebAuthn's JSON has it. */
export function decode(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

export function encode(bytes: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

function fail(form: HTMLFormElement, error: unknown): void {
  const place = form.querySelector<HTMLElement>("[data-passkey-failure]");
  if (!place) return;
  const isCancelled = error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name);
  const isKnown = error instanceof DOMException && error.name === "InvalidStateError";
  place.textContent = word(isCancelled ? "passkeyCancelled" : isKnown ? "passkeyKnown" : "passkeyFailed");
  place.hidden = false;
}

startPasskeys(document);
