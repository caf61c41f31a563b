/* Makes photos small before they are sent: no side above 1600 pixels, as JPEG. Drawing a picture anew leaves
   out what the camera wrote into the file besides it, the position above all; the page says so. */
import {wordsOf} from "./words.js";

const MOST_SIDE = 1600, QUALITY = 0.85;
const strip = document.getElementById("drafts"), say = wordsOf(strip);

for (const box of document.querySelectorAll("form[data-draft] input[type=file]")) {
  const told = document.createElement("p");
  told.className = "hint";
  told.setAttribute("role", "status");
  box.after(told);
  box.addEventListener("change", async () => {
    if (box.dataset.shrunk) return delete box.dataset.shrunk;
    const files = Array.from(box.files);
    if (!files.some(isPhoto)) return;
    told.textContent = say("shrinking");
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(isPhoto(file) ? await small(file) : file);
    box.files = chosen.files;
    told.textContent = say("shrunk", {before: sizeOf(files), after: sizeOf(chosen.files)});
    box.dataset.shrunk = "1"; // what is kept now is the small picture
    box.dispatchEvent(new Event("change", {bubbles: true}));
    box.dispatchEvent(new Event("input", {bubbles: true}));
  });
}

function isPhoto(file) { return /^image\/(jpeg|png|webp|heic|heif)$/.test(file.type); }

/* The same picture, smaller; the file itself where this browser cannot read it. */
async function small(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, MOST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // JPEG knows no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", {type: "image/jpeg"});
}

function sizeOf(files) {
  const bytes = Array.from(files).reduce((sum, file) => sum + file.size, 0);
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
