/* Sends the drafts that wait, one after the other, as their own forms would. Each carries an id: where an
   answer was lost on the way the draft is sent again, and the server gives the same answer without
   recording anything twice. */
import {draft, drafts, forget, keep} from "./draft_store.js";

const FIRST_MS = 1_500, AGAIN_MS = 5_000, MOST_MS = 180_000;
const BUSY = [401, 403, 408, 425, 429]; // come back later: nothing is wrong with the draft itself
const {account, drafts: list} = document.getElementById("main").dataset;

/* Send every waiting draft of this page's person; one page of the browser at a time does it. */
export async function sendWaiting() {
  await (navigator.locks ? navigator.locks.request("daodi-drafts", sendAll) : sendAll());
}

async function sendAll() {
  const waiting = (await drafts()).filter((each) => each.state === "waiting");
  if (!waiting.length || !await isStillSignedIn()) return;
  for (const {id} of waiting) {
    const kept = await draft(id);
    if (kept?.state === "waiting") await send(kept);
  }
}

/* On a shared phone another person may have signed in since this page was drawn: nothing is sent in their name. */
async function isStillSignedIn() {
  const answer = await asked(list, {});
  return Boolean(answer?.ok) && pageOf(await answer.text()).getElementById("main")?.dataset.account === account;
}

async function send(kept) {
  const answer = await asked(kept.action, {method: "POST", body: bodyOf(kept.entries)});
  if (!answer || answer.status >= 500 || BUSY.includes(answer.status)) return;
  const page = pageOf(await answer.text());
  if (page.querySelector("[data-recorded]")) return forget(kept.id);
  const told = page.querySelectorAll("main [role=alert] li");
  const faults = Array.from(told.length ? told : page.querySelectorAll("main .wrong"), lineOf);
  if (answer.ok && !faults.length) return; // a page that asks to sign in, or for the party: not ours to judge
  const now = await draft(kept.id);
  if (now?.changed === kept.changed) await keep({...now, state: "refused", faults: [...new Set(faults)]});
}

/* The answer; null where none came, or none in time: a line that is dead must not keep the others waiting. */
async function asked(address, options) {
  const limit = new AbortController(), late = setTimeout(() => limit.abort(), MOST_MS);
  try {
    return await fetch(address, {
      ...options, headers: {Accept: "text/html"}, credentials: "same-origin", signal: limit.signal,
    });
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}

function pageOf(text) { return new DOMParser().parseFromString(text, "text/html"); }

function bodyOf(entries) {
  const body = new FormData();
  for (const [name, value] of entries) body.append(name, value);
  return body;
}

function lineOf(element) {
  return Array.from(element.childNodes, (each) => each.textContent.trim()).filter(Boolean).join(" ");
}

/* Send now, when the device comes back online, and again while something waits. */
export function keepSending() {
  const now = () => { if (navigator.onLine) sendWaiting(); };
  window.addEventListener("online", now);
  setInterval(now, AGAIN_MS);
  setTimeout(now, FIRST_MS); // the page itself may just say that a draft is done with
}
