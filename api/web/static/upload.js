/* Sends the file of the upload form with a bar that shows how far it is, then shows the answer in place.
   Without this script the form works as any form does. */
import {wordsOf} from "./words.js";

function bind() {
  const form = document.getElementById("upload");
  if (form) form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
}

function send(form) {
  const say = wordsOf(form), box = form.querySelector(".progress"), button = form.querySelector("button");
  const bar = box.querySelector("progress"), told = box.querySelector("p");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = event.loaded / event.total;
    told.textContent = say("sending", {n: Math.floor(100 * bar.value)});
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value"); // how long the rows take is not known: the bar runs to and fro
    told.textContent = say("taking");
  });
  request.addEventListener("load", () => shown(request));
  request.addEventListener("error", () => {
    button.disabled = false;
    bar.value = 0;
    told.textContent = say("lost");
  });
  box.hidden = false;
  button.disabled = true;
  told.textContent = say("sending", {n: 0});
  request.send(new FormData(form));
}

/* What was recorded has an address of its own; a report of faults takes the place of this page's main part. */
function shown(request) {
  const problem = /problem\+json/.test(request.getResponseHeader("Content-Type"));
  if (problem) return refused(JSON.parse(request.responseText));
  const asked = new URL(request.responseURL);
  if (asked.pathname !== new URL(location.href).pathname) return location.assign(asked);
  const answered = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
  if (!answered) return location.reload();
  document.querySelector("main").replaceWith(answered);
  bind();
  answered.querySelector("[role=alert]")?.scrollIntoView();
}

function refused(problem) {
  const form = document.getElementById("upload");
  form.querySelector("button").disabled = false;
  form.querySelector("progress").value = 0;
  form.querySelector(".progress p").textContent = problem.detail ?? problem.title;
}

bind();
