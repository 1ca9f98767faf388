// The app's one live region: screen readers speak what is written there, once they have finished speaking.
//
// Each place on a page has one text. The first is part of the page as it opens and is not spoken, a change is.

const SOON = 300; // milliseconds in which changes of several places become one message
const places = new Map(); // name -> { said, at, text, pause }
const region = Object.assign(document.createElement("div"), { id: "announcements", role: "status", ariaLive: "polite" });
Object.assign(region.style, { position: "fixed", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" });
let timer;

export default function ({ data: { place, text, pause } }) {
  if (!region.isConnected) document.body.append(region);
  const known = places.get(place);
  if (known) Object.assign(known, { text, pause: 1000 * pause });
  else places.set(place, { said: text, text, at: -Infinity, pause: 1000 * pause });
  speakLater();
  return () => places.delete(place);
}

function speakLater() {
  clearTimeout(timer);
  const now = performance.now();
  const waits = changed().map(({ at, pause }) => Math.max(SOON, at + pause - now));
  if (waits.length) timer = setTimeout(speak, Math.min(...waits));
}

function speak() {
  const now = performance.now();
  const due = changed().filter(({ at, pause }) => at + pause <= now);
  for (const one of due) Object.assign(one, { said: one.text, at: now });
  const texts = due.map(({ text }) => text).filter(Boolean);
  if (texts.length) region.textContent = texts.join(" ");
  speakLater(); // what must still wait
}

function changed() {
  return [...places.values()].filter(({ said, text }) => said !== text);
}
