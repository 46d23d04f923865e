/*
 * The service worker of the report form, and of nothing else: it keeps the empty form and the files it is made of, so that
 * a report can be begun without a connection. It keeps no answer, no page of a person, and nothing that anybody sent.
 * `KEPT` stands before this text: version, form (address it helps with), shell (the empty form), files, language.
 */
"use strict";

const PREFIX = "stadt-report-";
const NAME = PREFIX + KEPT.version;
const PATIENCE = 10_000; // a connection that answers nothing for so long is none

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => (KEPT.files.length ? self.clients.claim() : self.registration.unregister())));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === KEPT.form) event.respondWith(fromNetwork(request));
  } else if (KEPT.files.includes(address.pathname)) {
    event.respondWith(fromCache(request));
  }
});

async function fill() {
  if (!KEPT.files.length) return;
  const cache = await caches.open(NAME);
  // without cookies: the form as a stranger sees it
  const asked = { credentials: "omit", cache: "no-cache" };
  await cache.addAll(KEPT.files.map((address) => new Request(address, { credentials: "omit" })));
  await cache.add(new Request(KEPT.shell, { ...asked, headers: { "Accept-Language": KEPT.language } }));
}

async function dropOthers() {
  const names = await caches.keys();
  const own = KEPT.files.length ? NAME : "";
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== own).map((name) => caches.delete(name)));
}

async function fromNetwork(request) {
  const shell = await (await caches.open(NAME)).match(KEPT.shell, { ignoreVary: true });
  if (!shell) return fetch(request);
  let timer;
  const over = new Promise((done) => {
    timer = setTimeout(() => done(shell), PATIENCE);
  });
  try {
    return await Promise.race([fetch(request), over]);
  } catch {
    return shell;
  } finally {
    clearTimeout(timer);
  }
}

async function fromCache(request) {
  const kept = await (await caches.open(NAME)).match(request.url, { ignoreVary: true });
  return kept ?? fetch(request);
}
