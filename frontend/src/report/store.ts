/** Keeps drafts on the device (IndexedDB). Where the browser forbids it, everything works but nothing is kept. */
import { type KeptDraft, isOld } from "./draft";

const NAME = "stadt-report";
const STORE = "drafts";

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error ?? new Error("no storage"));
    asked.onblocked = () => fail(new Error("blocked"));
  });
}

async function run<Result>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
  const database = await open();
  try {
    return await new Promise<Result>((done, fail) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(asked.result);
      transaction.onabort = transaction.onerror = () => fail(transaction.error ?? new Error("not stored"));
    });
  } finally {
    database.close();
  }
}

/** True when the draft is on the device now. */
export async function keep(draft: KeptDraft): Promise<boolean> {
  try {
    await run("readwrite", (store) => store.put(draft));
    return true;
  } catch {
    return false; // private windows and full devices
  }
}

export async function forget(key: string): Promise<void> {
  try {
    await run("readwrite", (store) => store.delete(key));
  } catch {
    // nothing was kept
  }
}

/** What is kept, newest first; drafts that are too old are deleted on the way. */
export async function list(now: number): Promise<KeptDraft[]> {
  try {
    const all = (await run("readonly", (store) => store.getAll())) as KeptDraft[];
    for (const draft of all) if (isOld(draft, now)) await forget(draft.key);
    return all.filter((draft) => !isOld(draft, now)).sort((one, other) => other.changed - one.changed);
  } catch {
    return [];
  }
}
