/** Lets the browser keep the empty form, so that a report can be begun without a connection (worker.js of the report flow). */
export function keepForm(address: string | undefined): void {
  if (!address || !("serviceWorker" in navigator)) return;
  // "all": the server says how long the worker is good for, so that not every visit asks for it
  navigator.serviceWorker.register(address, { updateViaCache: "all" }).catch(() => undefined); // the form works without
}
