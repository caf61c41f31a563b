/* Keeps what is typed into a form marked data-draft on this device while it is typed, offers it again, and
   puts it into the queue when the form is sent. A page marked data-recorded says that a draft is done with. */
import {draft, drafts, forget, keep} from "./draft_store.js";
import {beginAnew, freshId} from "./fresh_form.js";
import {addLine, entriesOf, fill} from "./form_entries.js";
import {wordsOf} from "./words.js";

const TYPED_MS = 300;
const form = document.querySelector("form[data-draft]"), done = document.querySelector("[data-recorded]");
if (done?.dataset.recorded) forget(done.dataset.recorded);
if (form) begin(document.getElementById("drafts"));

/* What is sent before the drafts are read must be kept too: first of all the form is listened to. */
async function begin(strip) {
  const say = wordsOf(strip), asked = new URLSearchParams(location.search).get("draft");
  const answered = isAnswered(), typed = !answered && !asked && isTypedInto();
  if (!answered || !form.elements.id.value) form.elements.id.value = freshId();
  if (!answered) beginAnew(form);
  listen(strip, say);
  if (asked) await restore(asked, strip, say);
  else if (answered || typed) await keepOpen(strip, say);
  if (!asked && !answered) await offer(strip, say);
}

/* Whether somebody typed before this script was there to hear it. A browser that goes back, or loads a page
   again, fills its boxes by itself. */
function isTypedInto() {
  const [how] = performance.getEntriesByType("navigation");
  return how?.type === "navigate" && Array.from(form.elements).some((box) =>
    box.matches("textarea, input:not([type=hidden], [type=file], [type=checkbox])") && box.value !== box.defaultValue);
}

async function keepOpen(strip, say) {
  await save("open");
  strip.querySelector("[data-kept]").textContent = say("kept");
}

function listen(strip, say) {
  let waits = null;
  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(() => keepOpen(strip, say), TYPED_MS);
  });
  form.addEventListener("submit", (event) => { clearTimeout(waits); sent(event, strip); });
  form.addEventListener("click", (event) => {
    const more = event.target.closest("button[name=more]");
    if (!more) return;
    event.preventDefault();
    addLine(more.closest("fieldset.lines")).querySelector("input").focus();
  });
}

/* Whether the server gave the form back with what was typed: a fresh form of a block has no id, a fresh form
   of a step has one that a page opened twice without a connection would use twice. */
function isAnswered() {
  return form.dataset.draft === "block" ? Boolean(form.elements.id.value)
    : Boolean(document.querySelector("main [role=alert]"));
}

async function save(state) {
  const entries = entriesOf(form);
  if (form.dataset.draft === "block") entries.push(["act", "record"]);
  await keep({
    id: form.elements.id.value, kind: form.dataset.draft, stage: form.dataset.stage,
    title: document.querySelector("h1").textContent, action: form.action, page: location.pathname,
    entries, state, faults: [], changed: Date.now(),
  });
}

/* Offline the form goes into the queue. Online the browser sends it, and the queue would send it again if
   no answer came: nothing is recorded twice. */
async function sent(event, strip) {
  const button = event.submitter;
  if (button?.name === "more" || (navigator.onLine && button?.value === "check")) return;
  event.preventDefault();
  await save("waiting");
  if (!navigator.onLine) return location.assign(strip.dataset.list);
  if (button?.name) form.append(hidden(button.name, button.value));
  HTMLFormElement.prototype.submit.call(form);
}

function hidden(name, value) {
  const box = document.createElement("input");
  Object.assign(box, {type: "hidden", name, value});
  return box;
}

async function restore(id, strip, say) {
  const kept = await draft(id);
  if (!kept) return;
  fill(form, kept.entries);
  form.elements.id.value = kept.id;
  strip.querySelector("[data-kept]").textContent = [say("restored"), ...kept.faults].join(" ");
  await keep({...kept, state: "open"});
}

async function offer(strip, say) {
  const same = (each) => each.kind === form.dataset.draft && each.stage === form.dataset.stage;
  const kept = (await drafts()).find((each) => each.state === "open" && each.id !== form.elements.id.value && same(each));
  if (!kept) return;
  const offered = strip.querySelector("[data-offer]");
  offered.querySelector("p").textContent = say("offer", {when: new Date(kept.changed).toLocaleString(document.documentElement.lang)});
  offered.hidden = false;
  offered.querySelector("[data-take]").onclick = async () => { await restore(kept.id, strip, say); offered.hidden = true; };
  offered.querySelector("[data-drop]").onclick = async () => { await forget(kept.id); offered.hidden = true; };
}
