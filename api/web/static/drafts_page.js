/* The list of drafts on this device: what waits, what came back with faults, what is still being typed. */
import {sendWaiting} from "./draft_queue.js";
import {drafts, forget, keep, onChange} from "./draft_store.js";
import {wordsOf} from "./words.js";

const list = document.getElementById("draft-list"), say = wordsOf(list);
const empty = document.getElementById("no-drafts"), now = document.querySelector("[data-send-now]");
const sample = document.getElementById("draft-sample");

now.addEventListener("click", () => sendWaiting());
window.addEventListener("online", draw);
window.addEventListener("offline", draw);
onChange(draw);
draw();

async function draw() {
  const all = await drafts();
  list.replaceChildren(...all.map(shown));
  empty.hidden = all.length > 0;
  now.hidden = !navigator.onLine || !all.some((each) => each.state === "waiting");
  document.getElementById("offline").hidden = navigator.onLine;
}

function shown(kept) {
  const line = sample.content.cloneNode(true).firstElementChild;
  const put = (name, text) => { line.querySelector(`[data-${name}]`).textContent = text; };
  line.dataset.state = kept.state;
  put("title", kept.title);
  put("state", say(kept.state));
  put("when", new Date(kept.changed).toLocaleString(document.documentElement.lang));
  put("summary", summary(kept));
  const faults = line.querySelector("[data-faults]");
  faults.replaceChildren(...kept.faults.map((fault) => {
    const entry = document.createElement("li");
    entry.textContent = fault;
    return entry;
  }));
  faults.hidden = !kept.faults.length;
  const edit = line.querySelector("[data-edit]");
  edit.href = `${kept.page}?${new URLSearchParams([...new URLSearchParams(list.dataset.carried), ["draft", kept.id]])}`;
  const resend = line.querySelector("[data-send]");
  resend.hidden = kept.state === "waiting";
  resend.onclick = async () => {
    await keep({...kept, state: "waiting", faults: []});
    if (navigator.onLine) sendWaiting();
  };
  line.querySelector("[data-delete]").onclick = () => { if (confirm(say("sure"))) forget(kept.id); };
  return line;
}

/* What was typed, as far as a line holds it; ids and choices are left out, of a block its rows are counted. */
function summary(kept) {
  if (kept.kind === "block") {
    const [, text] = kept.entries.find(([name]) => name === "block") ?? ["", ""];
    return say("lines", {n: text.split("\n").filter((line) => line.trim()).length});
  }
  const told = kept.entries.map(([name, value]) => (value instanceof File ? value.name
    : /^(id|act)$|\.unit$/.test(name) || /^[a-z_]*$/.test(value) ? "" : value.replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ")));
  return told.filter(Boolean).join(" · ").slice(0, 160);
}
