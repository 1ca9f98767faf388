// Words what Streamlit itself says, all of it English, in the reader's language: names of buttons, and texts that equal one
// of the known ones within the parts of the page that are Streamlit's own.

const NAMES = ["aria-label", "title", "placeholder", "alt", "data-title"];
const NAMED = NAMES.map((name) => `[${name}]`).join();
const OWN = [
  '[data-testid="stFileUploader"]',
  '[data-testid="stMainMenuPopover"]',
  '[data-testid="stMainMenu"]',
  '[data-baseweb="popover"]',
  '[role="listbox"]',
  '[data-testid="InputInstructions"]',
  '[data-testid="stSkipToContent"]',
  '[data-testid="stDialog"]',
  ".plotly-notifier",
].join();
const ROOM = /\\\{(\w+)\\\}/g; // a {name} in an escaped text

const english = new Map(); // what was written here -> what Streamlit had written
let observer;

export default function ({ data: { lang, words } }) {
  document.documentElement.lang = lang;
  const patterns = Object.keys(words)
    .filter((text) => text.includes("{"))
    .map((text) => [new RegExp(`^${escaped(text).replace(ROOM, "(?<$1>.+)")}$`), words[text]]);

  const worded = (text) => {
    const own = english.get(text) ?? text;
    let ours = words[own] ?? own;
    for (const [pattern, wording] of patterns) {
      const found = ours === own && own.match(pattern);
      if (found) ours = wording.replace(/\{(\w+)\}/g, (_, name) => words[found.groups[name]] ?? found.groups[name]);
    }
    if (ours !== own) english.set(ours, own);
    return ours;
  };
  const rewordNames = (element) => {
    for (const name of NAMES) {
      const text = element.getAttribute(name);
      const ours = text && worded(text);
      if (ours === text) continue;
      element.dataset.english = english.get(ours) ?? ours; // for style sheets
      element.setAttribute(name, ours);
    }
  };
  const rewordText = (node) => {
    const ours = worded(node.nodeValue);
    if (ours !== node.nodeValue) node.nodeValue = ours;
  };
  const reword = (root) => {
    if (root.matches(NAMED)) rewordNames(root);
    root.querySelectorAll(NAMED).forEach(rewordNames);
    for (const part of root.closest(OWN) ? [root] : root.querySelectorAll(OWN)) {
      const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) rewordText(texts.currentNode);
    }
  };
  observer?.disconnect();
  if (Object.keys(words).length) {
    // called before the browser draws what has changed
    observer = new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === "attributes") rewordNames(target);
        for (const node of type === "characterData" ? [target] : addedNodes) {
          if (node.nodeType === Node.ELEMENT_NODE) reword(node);
          else if (node.nodeType === Node.TEXT_NODE && node.parentElement?.closest(OWN)) rewordText(node);
        }
      }
      observer.takeRecords(); // our own changes
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributeFilter: NAMES });
  }
  reword(document.body);
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
