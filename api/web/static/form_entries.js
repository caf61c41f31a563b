/* What is typed into a form, as a list to keep, and put back into the same form. */

/* Names and values as the form would send them, empty files left out; a table of a pasted block as its text. */
export function entriesOf(form) {
  const table = form.querySelector(".grid table");
  const entries = Array.from(new FormData(form)).filter(([, value]) => !(value instanceof File) || value.size);
  if (!table) return entries;
  return [...entries.filter(([name]) => name !== "block" && !name.startsWith("c.")), ["block", blockOf(table)]];
}

/* A pasted block with what was mended in it, as a spreadsheet would copy it. */
function blockOf(table) {
  const quoted = (text) => (/["\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const cell = (td) => td.querySelector("input")?.value
    ?? (td.firstChild?.nodeType === Node.TEXT_NODE ? td.firstChild.textContent : "");
  const headings = Array.from(table.querySelectorAll("thead th")).slice(1).map((th) => th.dataset.text);
  const rows = Array.from(table.querySelectorAll("tbody tr")).filter((row) => row.querySelector("th"));
  const lines = [headings, ...rows.map((row) => Array.from(row.querySelectorAll("td"), cell))];
  return lines.map((line) => line.map(quoted).join("\t")).join("\n");
}

export function fill(form, entries) {
  const files = new Map();
  for (const [name, value] of entries) {
    if (value instanceof File) files.set(name, [...(files.get(name) ?? []), value]);
    else put(boxOf(form, name), value);
  }
  for (const [name, some] of files) {
    const box = boxOf(form, name), chosen = new DataTransfer();
    some.forEach((file) => chosen.items.add(file));
    if (box) box.files = chosen.files;
  }
  form.querySelectorAll("details").forEach((each) => { each.open = true; });
}

/* The box of a name; lines of lots or results are added until it is there. */
function boxOf(form, name) {
  const [list, number] = name.split(".");
  const lines = document.getElementById(list);
  if (/^\d+$/.test(number ?? "") && lines?.matches("fieldset.lines")) {
    while (!form.elements[name] && lines.querySelectorAll(".line").length <= Number(number)) addLine(lines);
  }
  return form.elements[name] ?? null;
}

function put(box, value) {
  if (!box) return;
  if (box.type === "checkbox") box.checked = box.value === value;
  else box.value = value;
}

/* Add an empty line below the last one of a list of lots or results. */
export function addLine(lines) {
  const all = lines.querySelectorAll(".line"), last = all[all.length - 1], made = last.cloneNode(true);
  const number = all.length, renumbered = (text) => text.replace(/\.\d+\./, `.${number}.`);
  for (const box of made.querySelectorAll("input, select")) {
    box.name = renumbered(box.name);
    box.id = renumbered(box.id);
    box.required = false;
    if (box.tagName === "INPUT") box.value = "";
  }
  for (const label of made.querySelectorAll("label")) {
    label.htmlFor = renumbered(label.htmlFor);
    label.textContent = label.textContent.replace(/\d+$/, number + 1);
  }
  last.after(made);
  return made;
}
