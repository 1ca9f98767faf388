// Tabs as links: a click with the middle button, or with Ctrl or ⌘, opens one in a new tab of the browser.

const tabs = new WeakMap(); // root -> the tabs' selector and addresses

export default function ({ data, parentElement: root }) {
  const known = tabs.has(root);
  tabs.set(root, data);
  if (known) return;
  const open = (event) => {
    if (!root.isConnected) return ["auxclick", "click"].forEach((kind) => removeEventListener(kind, open, true));
    const { selector, addresses } = tabs.get(root);
    const tab = event.target.closest?.(selector);
    const elsewhere = event.type === "auxclick" ? event.button === 1 : event.ctrlKey || event.metaKey;
    if (!tab || !elsewhere) return;
    event.preventDefault();
    event.stopPropagation();
    const place = [...document.querySelectorAll(selector)].indexOf(tab);
    // the open tab's address may have changed since the tabs were drawn, by a part of it that is drawn alone
    window.open(tab.ariaSelected === "true" ? location.href : addresses[place], "_blank", "noopener");
  };
  for (const kind of ["auxclick", "click"]) addEventListener(kind, open, true);
}
