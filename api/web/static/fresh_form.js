/* What a fresh form begins with where the server could not be asked: an id of its own, the time, a lot's name. */
const OFFSET_MS = 8 * 3_600_000; // China has one time, as the server's forms have
const SUGGESTED = /^([A-Z]{2}-)\d{6}-[0-9A-F]{4}$/;

function hex(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (each) => each.toString(16).padStart(2, "0")).join("");
}

/* A random id (RFC 9562, 5.4): crypto.randomUUID is missing on plain http and in older web views. */
export function freshId() {
  const variant = "89ab"[Number.parseInt(hex(1), 16) & 3];
  return hex(16).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, `$1-$2-4$3-${variant}$4-$5`);
}

/* A page kept for without a connection shows the time and the lot of when it was kept, however often it is
   opened: both are made anew, but for a time that somebody set. */
export function beginAnew(form) {
  if (!("fromDevice" in document.getElementById("main").dataset)) return;
  const now = new Date(Date.now() + OFFSET_MS).toISOString(), {time} = form.elements, lot = form.elements["outputs.0.lot"];
  if (time && time.value === time.defaultValue) time.value = now.slice(0, 16);
  const suggested = SUGGESTED.exec(lot?.value ?? "");
  if (suggested) lot.value = `${suggested[1]}${now.slice(2, 10).replaceAll("-", "")}-${hex(2).toUpperCase()}`;
}
