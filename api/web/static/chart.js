// Offers every drawing of a page as a PNG besides the SVG, and makes a slider of a list of vintages.
// Without it both work as links and lists: nothing here is needed to read a number.

const PNG_SCALE = 2;

function load(address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = address;
  });
}

async function savePng(link) {
  const image = await load(link.href);
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * PNG_SCALE;
  canvas.height = image.naturalHeight * PNG_SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const body = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const saved = document.createElement("a");
  saved.href = URL.createObjectURL(body);
  saved.download = `daodi-${link.dataset.drawing}.png`;
  saved.click();
  setTimeout(() => URL.revokeObjectURL(saved.href), 10_000);
}

for (const link of document.querySelectorAll("a[data-drawing]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "as-link";
  button.textContent = "PNG";
  button.addEventListener("click", () => savePng(link).catch(() => window.open(link.href)));
  const line = document.createElement("li");
  line.append(button);
  link.closest("li").after(line);
}

// The list stays the form's field; the slider only moves it, and a change is sent at once.
for (const list of document.querySelectorAll("select[data-slider]")) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "0";
  slider.max = String(list.options.length - 1);
  // The newest stands first in the list and rightmost on the slider.
  slider.value = String(list.options.length - 1 - list.selectedIndex);
  slider.setAttribute("aria-label", list.labels[0]?.textContent ?? "");
  const told = () => list.options[list.options.length - 1 - Number(slider.value)];
  slider.setAttribute("aria-valuetext", told().textContent);
  slider.addEventListener("input", () => {
    told().selected = true;
    slider.setAttribute("aria-valuetext", told().textContent);
  });
  slider.addEventListener("change", () => list.form.requestSubmit());
  list.before(slider);
}
