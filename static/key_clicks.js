// Keys that click an element of the page.

const FIELDS = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true]";
const OPEN = "[role=dialog], [role=listbox], [role=menu], [data-testid=stPopoverBody]";
const clicks = new WeakMap(); // root -> selectors by key

export default function ({ data, parentElement: root }) {
  const known = clicks.has(root);
  clicks.set(root, data);
  if (known) return;
  const press = (event) => {
    if (!root.isConnected) return removeEventListener("keydown", press, true);
    const selectors = clicks.get(root);
    if (!Object.hasOwn(selectors, event.key) || event.repeat) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // the path shows a field in a shadow root too
    if (event.composedPath().some((one) => one.matches?.(FIELDS)) || document.querySelector(OPEN)) return;
    document.querySelector(selectors[event.key])?.click();
  };
  // while capturing: Escape closes a menu before the event reaches the document
  addEventListener("keydown", press, true);
}
