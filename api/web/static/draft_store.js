/* Drafts of steps and blocks, kept in the browser's own database on this device and nowhere else.
   A draft: {id, account, party, kind, stage, title, action, page, entries: [[name, text or File]], state, faults, changed}
   with state "open" (being typed), "waiting" (to be sent) or "refused" (came back with faults). */
const {account, party} = document.getElementById("main").dataset;
const changes = "BroadcastChannel" in window ? new BroadcastChannel("daodi-drafts") : null;
let opened = null;

function database() {
  return (opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open("daodi-work", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("drafts", {keyPath: "id"});
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  }));
}

async function within(mode, work) {
  const transaction = (await database()).transaction("drafts", mode);
  const asked = work(transaction.objectStore("drafts"));
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done(asked.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}

/* Whether a draft is of the person this page was drawn for, and of the party it is about. */
const isOurs = (each) => each?.account === account && each.party === party;

export async function draft(id) {
  const found = await within("readonly", (store) => store.get(id));
  return isOurs(found) ? found : null;
}

/* The drafts of this page's person for its party, the newest first: on a shared phone nobody sees or sends
   another's. */
export async function drafts() {
  const all = await within("readonly", (store) => store.getAll());
  return all.filter(isOurs).sort((one, other) => other.changed - one.changed);
}

export async function keep(kept) {
  await within("readwrite", (store) => store.put({...kept, account, party}));
  told();
}

export async function forget(id) {
  await within("readwrite", (store) => store.delete(id));
  told();
}

function told() {
  changes?.postMessage("changed");
  window.dispatchEvent(new Event("drafts-changed"));
}

/* Call `what` whenever a draft changes, in this page or another. */
export function onChange(what) {
  changes?.addEventListener("message", what);
  window.addEventListener("drafts-changed", what);
}
