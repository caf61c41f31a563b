/* The offline worker of the workbench: forms of steps, the paste page, the scanner and the list of drafts open
   without a connection once they were open with one. Pages always come from the network where there is one;
   answers of the API and lists of goods are never kept. Sign-out empties it. */
const PAGES = "daodi-pages", FILES = "daodi-files-1", MOST_FILES = 120;
const KEPT = /^\/workbench\/(steps\/[a-z_]+|paste|drafts|scan)$/;
const SENT = /^\/workbench\/(steps\/[a-z_]+|paste)$/;
const PARAMETERS = ["lang", "view", "party"];

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([tidy(), self.clients.claim()])));
self.addEventListener("message", (event) => event.waitUntil(keepAll(event.data.keep)));
self.addEventListener("fetch", (event) => {
  const {request} = event, url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && request.method === "GET" && KEPT.test(url.pathname)) event.respondWith(page(request, url));
  else if (request.mode === "navigate" && request.method === "POST" && SENT.test(url.pathname)) event.respondWith(sent(request, url));
  else if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(file(request, url));
});

async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith("daodi-files-") && name !== FILES) await caches.delete(name);
}

/* The address a page is kept under; null for one that was prefilled. */
function keyOf(url) {
  const names = [...url.searchParams.keys()];
  return names.every((name) => PARAMETERS.includes(name)) ? url.origin + url.pathname + url.search : null;
}

async function page(request, url) {
  try {
    const answer = await fetch(request);
    if (answer.type === "opaqueredirect") await caches.delete(PAGES); // signed out
    return answer;
  } catch {
    const kept = await caches.open(PAGES);
    for (const name of [...url.searchParams.keys()]) if (!PARAMETERS.includes(name)) url.searchParams.delete(name);
    const found = await kept.match(url.href) ?? await kept.match(url.href, {ignoreSearch: true});
    return found ? marked(found) : list(kept);
  }
}

/* A kept page says that it is one: its form is then begun anew by its script. */
async function marked(found) {
  const text = (await found.text()).replace("<main ", "<main data-from-device ");
  return new Response(text, {headers: found.headers});
}

/* A form that could not be sent: its draft waits on this device, and the list of drafts says so. */
async function sent(request) {
  try {
    return await fetch(request);
  } catch {
    return list(await caches.open(PAGES));
  }
}

async function list(kept) {
  return await kept.match("/workbench/drafts", {ignoreSearch: true}) ?? Response.error();
}

/* Files whose address names their content never change; others are asked for anew where that is possible. */
async function file(request, url) {
  const kept = await caches.open(FILES);
  const found = await kept.match(request);
  if (found && url.searchParams.has("v")) return found;
  try {
    const answer = await fetch(request);
    if (answer.ok) await put(kept, request, answer.clone());
    return answer;
  } catch (error) {
    if (found) return found;
    throw error;
  }
}

async function put(kept, request, answer) {
  await kept.put(request, answer);
  const all = await kept.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST_FILES))) await kept.delete(old);
}

async function keepAll(addresses) {
  const kept = await caches.open(PAGES), files = await caches.open(FILES);
  for (const address of addresses) {
    const key = keyOf(new URL(address));
    const answer = key && await fetch(address, {credentials: "same-origin"}).catch(() => null);
    if (!answer?.ok || answer.redirected) continue;
    await keepFiles(files, await answer.clone().text()); // first: a page without its files is of no use
    await kept.put(key, answer);
  }
}

/* Everything of ours that a page loads, and what its scripts import. */
async function keepFiles(files, text) {
  const asked = [...text.matchAll(/(?:href|src|data-\w+)="(\/static\/[^"]+)"/g)].map(([, path]) => path);
  for (const path of new Set(asked)) {
    if (await files.match(path)) continue;
    const answer = await fetch(path).catch(() => null);
    if (!answer?.ok) continue;
    await files.put(path, answer.clone());
    if (/\.js(\?|$)/.test(path)) await keepImports(files, path, await answer.text());
  }
}

async function keepImports(files, path, text) {
  for (const [, name] of text.matchAll(/from "(\.\/[\w]+\.js)"/g)) {
    const address = new URL(name, new URL(path, self.location.href)).pathname;
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) continue;
    await files.put(address, answer.clone());
    await keepImports(files, address, await answer.text());
  }
}
