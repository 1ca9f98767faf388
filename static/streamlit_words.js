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
let timer;

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
  const reword = () => {
    timer = undefined;
    for (const element of document.querySelectorAll(NAMED))
      for (const name of NAMES) {
        const text = element.getAttribute(name);
        if (!text || worded(text) === text) continue;
        element.dataset.english = english.get(worded(text)) ?? worded(text); // for style sheets
        element.setAttribute(name, worded(text));
      }
    for (const part of document.querySelectorAll(OWN)) {
      const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const { nodeValue } = texts.currentNode;
        if (worded(nodeValue) !== nodeValue) texts.currentNode.nodeValue = worded(nodeValue);
      }
    }
  };
  observer?.disconnect();
  clearTimeout(timer); // it would write the words of the language before
  timer = undefined;
  if (Object.keys(words).length) {
    observer = new MutationObserver(() => (timer ??= setTimeout(reword, 100)));
    observer.observe(document.body, { childList: true, subtree: true });
  }
  reword();
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
