// A bell that is pressed to be notified, and the notification. The browser keeps the choice for all its tabs.

import { addStyles } from "./digit_ink-a0963a02.js";

const CSS = `
button { zoom: calc(1 / var(--scale, 1)); display: grid; place-items: center; width: 2rem; height: 2rem; padding: 0; color: inherit; background: none; border: 0; border-radius: var(--st-base-radius); cursor: pointer; }
button[hidden] { display: none; }
button:hover { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
button:disabled { opacity: .5; cursor: default; }
svg { width: 1.25rem; height: 1.25rem; fill: currentColor; }
`;
const SHAPES = {
  on: "M12 22a2 2 0 0 0 2-2h-4a2 2 0 0 0 2 2zm6-6v-5a6 6 0 0 0-4.5-5.8V4a1.5 1.5 0 0 0-3 0v1.2A6 6 0 0 0 6 11v5l-2 2v1h16v-1z",
  off: "M12 22a2 2 0 0 0 2-2h-4a2 2 0 0 0 2 2zm6-6v-5a6 6 0 0 0-4.5-5.8V4a1.5 1.5 0 0 0-3 0v1.2A6 6 0 0 0 6 11v5l-2 2v1h16v-1zm-2 1H8v-6a4 4 0 0 1 8 0z",
};
const CHOICE = "digit_lab_bell";
const TOLD = "digit_lab_told"; // the last run told, so that a reload does not tell it again

export default function ({ data, parentElement }) {
  addStyles(parentElement, CSS);
  const button = parentElement.querySelector("button");
  draw(button, data);
  const choose = (permission) => {
    write(CHOICE, permission === "granted" ? "on" : "off");
    draw(button, data);
  };
  // only here, at a person's own click, may the browser ask
  button.onclick = () => (isOn() ? choose("off") : Notification.requestPermission().then(choose));
  tell(data.ended);
}

function draw(button, { shown, words }) {
  // phones, and pages without HTTPS, have no notifications
  button.hidden = !shown || !able();
  if (button.hidden) return;
  const on = isOn();
  const blocked = Notification.permission === "denied";
  button.disabled = blocked;
  button.title = button.ariaLabel = blocked ? words.blocked : on ? words.off : words.on;
  button.ariaPressed = String(on);
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path fill-rule="evenodd" d="${SHAPES[on ? "on" : "off"]}"/></svg>`;
}

function tell(ended) {
  if (!ended || read(TOLD) === ended.id) return;
  write(TOLD, ended.id);
  if (!able() || !isOn() || document.visibilityState === "visible") return;
  try {
    // of several tabs that tell the same run, one notification stays
    const told = new Notification(ended.title, { body: ended.body, tag: ended.id });
    told.onclick = () => (window.focus(), told.close());
  } catch {
    // Chrome on Android lets only service workers notify
  }
}

const able = () => isSecureContext && "Notification" in window;
const isOn = () => able() && Notification.permission === "granted" && read(CHOICE) === "on";

function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // a sandboxed frame has no storage
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // likewise
  }
}
