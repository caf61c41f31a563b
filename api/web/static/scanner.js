/* The scanner of the workbench: camera and photos fill the list of codes, and the form looks them up.
   Nothing that the camera sees leaves the device; only what was read is sent, as if it had been typed. */
import {decoderOf, pixels} from "./decoder.js";
import {wordsOf} from "./words.js";

const MOST = 300, PAUSE_MS = 120, VIDEO_SIDE = 1000, PHOTO_SIDE = 2000;
const form = document.getElementById("scanner");
const find = (selector) => form.querySelector(selector);
const say = wordsOf(form), told = find(".told"), list = find("#codes"), video = find("video");
const [start, stop, many, beep] = ["start", "stop", "many", "beep"].map((name) => find(`[data-${name}]`));
const decoder = decoderOf({program: form.dataset.decoder, wasm: form.dataset.wasm});
let stream = null, sound = null;

find(".needs-script").hidden = false;
start.addEventListener("click", begin);
stop.addEventListener("click", end);
find("[data-photo]").addEventListener("change", (event) => photo(event.target));
document.addEventListener("visibilitychange", () => { if (document.hidden) end(); });

async function begin() {
  if (!navigator.mediaDevices) return tell(window.isSecureContext ? "no_camera" : "insecure");
  start.disabled = true;
  sound ??= window.AudioContext ? new AudioContext() : null; // sounds only begin where somebody tapped
  try {
    tell("asking");
    stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: {ideal: "environment"}}});
    video.srcObject = stream;
    await video.play();
    shown(true);
    tell("loading");
    const decode = await decoder();
    tell("looking");
    await watch(decode);
  } catch (error) {
    end();
    tell({NotAllowedError: "denied", NotFoundError: "no_camera", NotReadableError: "no_camera"}[error.name]
      ?? "no_decoder");
  } finally {
    start.disabled = false;
  }
}

async function watch(decode) {
  let last = "";
  while (stream) {
    if (video.videoWidth) {
      const texts = await decode(pixels(video, video.videoWidth, video.videoHeight, VIDEO_SIDE));
      for (const text of texts) if (text !== last) take(text);
      last = texts.length ? texts[texts.length - 1] : last;
    }
    await new Promise((next) => setTimeout(next, PAUSE_MS));
  }
}

function end() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.srcObject = null;
  shown(false);
}

function shown(running) {
  find(".viewer").hidden = stop.hidden = !running;
  start.hidden = running;
}

async function photo(input) {
  const [file] = input.files;
  if (!file) return;
  try {
    tell("loading");
    const decode = await decoder();
    const picture = await createImageBitmap(file);
    const texts = await decode(pixels(picture, picture.width, picture.height, PHOTO_SIDE));
    if (texts.length) texts.forEach(take); else tell("nothing");
  } catch (error) {
    tell(error.name === "InvalidStateError" ? "nothing" : "no_decoder");
  }
  input.value = "";
}

/* Keep a read code: one alone is looked up at once, many are collected until the form is sent. */
function take(text) {
  const lines = list.value.split(/[\n;；]/).map((line) => line.trim()).filter(Boolean);
  const code = bare(text);
  if (lines.some((line) => alike(line) === alike(code))) return tell("again", {code});
  if (lines.length >= MOST) return tell("full", {n: MOST});
  list.value = [...lines, code].join("\n");
  signal();
  tell("read", {code, n: lines.length + 1});
  if (!many.checked) {
    end();
    form.requestSubmit();
  }
}

/* The code in an address of a scan page, as the server reads it; anything else as it is. */
function bare(text) {
  const found = /^https?:\/\/[^/]+\/s\/([^?#]+)/.exec(text.trim());
  return found ? decodeURIComponent(found[1]) : text.trim();
}

/* Capitals, spaces and hyphens tell no two codes of ours apart. */
function alike(text) { return bare(text).toUpperCase().replace(/[\s-]/g, ""); }

function signal() {
  if (!beep.checked) return;
  navigator.vibrate?.(80);
  if (!sound) return;
  const tone = sound.createOscillator();
  tone.connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.08);
}

function tell(name, parts) { told.textContent = say(name, parts); }
