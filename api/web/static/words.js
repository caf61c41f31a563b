/* What the page says for its scripts: an element's data-words holds one "name=message" a line, in the
   reader's language. Messages name their parts in braces, as those of the server do. */
export function wordsOf(element) {
  const said = {};
  for (const line of element.dataset.words.split("\n")) {
    const cut = line.indexOf("=");
    if (cut > 0) said[line.slice(0, cut)] = line.slice(cut + 1);
  }
  return (name, parts = {}) => said[name].replace(/\{(\w+)\}/g, (_, part) => parts[part]);
}
