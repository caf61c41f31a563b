/* On every page of the workbench: starts the offline worker, has it keep the pages that must open without a
   connection, empties it at sign-out and when somebody else signs in, and sends drafts that wait. */
import {keepSending} from "./draft_queue.js";

const main = document.getElementById("main"), {account, party} = main.dataset;
const KEPT_FORMS = "form[data-draft], #draft-list, #scanner";

document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => { window.caches?.delete("daodi-pages"); });
if (party) keepSending();
if ("serviceWorker" in navigator) start();

async function start() {
  const reader = `${account} ${party}`;
  if (localStorage.getItem("daodi-reader") !== reader) {
    await caches.delete("daodi-pages");
    localStorage.setItem("daodi-reader", reader);
  }
  await navigator.serviceWorker.register("/workbench/worker.js");
  const {active} = await navigator.serviceWorker.ready;
  const list = main.dataset.drafts;
  if (document.querySelector(KEPT_FORMS) && !document.querySelector("main [role=alert]")) {
    active.postMessage({keep: [location.href, new URL(list, location.href).href]});
  }
}
