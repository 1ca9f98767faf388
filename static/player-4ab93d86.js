// Buttons, a slider and a speed that play a sequence of steps in the browser, without asking the server.

export const PLAYER = `
.player { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; min-height: 2.5rem; }
.player button, .player select {
  display: inline-flex; align-items: center; gap: .5rem; min-height: 2.5rem; padding: 0 .75rem; font: inherit; color: inherit;
  background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
}
.player button { cursor: pointer; }
.player button:hover:enabled { border-color: var(--st-primary-color); }
.player button:disabled { cursor: default; opacity: .45; }
.player .play { min-width: 6.2rem; justify-content: center; background: var(--st-primary-color); border-color: var(--st-primary-color); color: #fff; }
.player :focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 2px; }
.player svg { width: 1.3em; height: 1.3em; fill: currentColor; }
.player input {
  appearance: none; flex: 1 1 8rem; min-width: 6rem; height: 2.5rem; margin: 0; border-radius: 0.25rem;
  background: linear-gradient(90deg, var(--st-primary-color) var(--done), var(--st-border-color) var(--done)) center / 100% 0.25rem no-repeat;
}
.player input::-webkit-slider-thumb { appearance: none; width: 1rem; height: 1rem; border-radius: 50%; background: var(--st-primary-color); }
.player input::-moz-range-thumb { width: 1rem; height: 1rem; border: 0; border-radius: 50%; background: var(--st-primary-color); }
.player .speed { display: flex; align-items: center; gap: .5rem; }
.player output { min-width: 9.5rem; margin-right: .75rem; font-variant-numeric: tabular-nums; }
@container (max-width: 40rem) {
  .player .word { display: none; }
  .player .play { min-width: 3.2rem; }
  .player output { order: 1; margin: 0; }
}
`;

const SHAPES = {
  previous: "M6 6h2v12H6zM18 6v12l-9-6z",
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  next: "M16 6h2v12h-2zM6 6v12l9-6z",
};
const RESTS = 300; // milliseconds without a step, after which the server is told the place
const LATE = 1000; // a longer pause between two frames is no motion, but a hidden tab

export class Player {
  // `rates`: steps per second by the name of the speed. `move(at, pace, complete)` shows a place within so many
  // milliseconds; `complete` until something is played or chosen. `rest(at)`: the place where it came to rest.
  constructor({ words, rates, move, rest }) {
    Object.assign(this, { words, rates, move, rest, at: 0, last: 0, playing: false, complete: true });
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.element = Object.assign(document.createElement("div"), { className: "player", role: "group", ariaLabel: words.player });
    this.previous = this.button("previous", () => this.go(this.at - 1));
    this.toggle = this.button("play", () => (this.playing ? this.pause() : this.play()));
    this.next = this.button("next", () => this.go(this.at + 1));
    this.slider = Object.assign(document.createElement("input"), { type: "range", min: 0, ariaLabel: words.place });
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    this.where = document.createElement("output");
    this.speed = Object.assign(document.createElement("select"), { ariaLabel: words.speed });
    for (const name of Object.keys(rates)) this.speed.append(new Option(words[name], name));
    this.speed.value = this.still.matches ? "slow" : "normal";
    this.speed.addEventListener("change", () => (this.since = performance.now()));
    const labelled = Object.assign(document.createElement("label"), { className: "speed" });
    labelled.append(Object.assign(document.createElement("span"), { className: "word", textContent: words.speed }), this.speed);
    this.element.append(this.previous, this.toggle, this.next, this.slider, this.where, labelled);
  }

  button(name, press) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: name });
    made.addEventListener("click", press);
    this.label(made, name);
    return made;
  }

  label(button, name) {
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${SHAPES[name]}"/></svg>`;
    button.append(Object.assign(document.createElement("span"), { className: "word", textContent: this.words[name] }));
    button.ariaLabel = this.words[name];
  }

  // Milliseconds that a step lasts, 0 for a viewer who wants no motion.
  get pace() {
    return this.still.matches ? 0 : Math.min(250, this.playing ? 1000 / this.rates[this.speed.value] : 150);
  }

  // Starts at a place, without telling the server.
  start(at, last, complete) {
    Object.assign(this, { last, complete });
    this.slider.max = last;
    this.show(Math.min(at, last));
  }

  go(at) {
    this.pause();
    this.complete = false;
    this.show(Math.max(0, Math.min(this.last, at)));
    this.settle();
  }

  play() {
    const again = this.complete || this.at === this.last;
    this.complete = false;
    this.turn(true);
    if (again) this.show(0);
    this.since = performance.now();
    clearTimeout(this.settling);
    requestAnimationFrame((now) => this.frame(now));
  }

  pause() {
    if (!this.playing) return;
    this.turn(false);
    this.settle();
  }

  turn(playing) {
    this.playing = playing;
    this.label(this.toggle, playing ? "pause" : "play");
  }

  frame(now) {
    if (!this.playing || !this.element.isConnected) return;
    const step = 1000 / this.rates[this.speed.value];
    if (now - this.since > LATE + step) this.since = now - step;
    const due = Math.floor((now - this.since) / step);
    if (due > 0) {
      this.since += due * step;
      this.show(Math.min(this.last, this.at + due));
      if (this.at === this.last) this.pause();
    }
    requestAnimationFrame((next) => this.frame(next));
  }

  show(at) {
    this.at = at;
    this.slider.value = at;
    this.slider.style.setProperty("--done", `${(100 * at) / Math.max(1, this.last)}%`);
    this.previous.disabled = at === 0;
    this.next.disabled = at === this.last;
    this.move(at, this.pace, this.complete);
  }

  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.element.isConnected && this.rest(this.at), RESTS);
  }
}
