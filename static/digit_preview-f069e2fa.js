// A digit shown enlarged while the mouse rests on a small one.

export const PREVIEW = `
.preview {
  zoom: calc(1 / var(--scale, 1));
  position: fixed; z-index: 1000; padding: 8px; border-radius: 4px; pointer-events: none;
  font: 600 12px/16px var(--st-font); font-variant-numeric: tabular-nums; color: var(--st-text-color);
  background: var(--st-background-color); border: 1px solid var(--st-border-color); box-shadow: 0 2px 8px rgb(0 0 0 / 18%);
}
.preview[hidden] { display: none; }
.preview .paper { margin-bottom: 4px; width: fit-content; }
`;
export const SIDE = 112; // pixels of the enlarged digit
const REST = 200; // milliseconds until it is shown

export class Preview {
  // `fill(target, preview)` draws the digit of an element into the preview; false if it has none.
  constructor(root, fill) {
    this.fill = fill;
    this.element = Object.assign(document.createElement("div"), { className: "preview", hidden: true, ariaHidden: "true" });
    root.append(this.element);
  }

  rest(target, pointerType) {
    if (!target || pointerType !== "mouse" || target === this.under) return;
    this.leave();
    this.under = target;
    this.timer = setTimeout(() => this.show(target), REST);
  }

  leave() {
    clearTimeout(this.timer);
    this.under = null;
    this.element.hidden = true;
  }

  show(target) {
    if (this.fill(target, this.element) === false) return;
    this.element.hidden = false;
    const { left, right, top } = target.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.element;
    const beside = right + 8 + offsetWidth < innerWidth ? right + 8 : left - 8 - offsetWidth;
    this.element.style.left = `${Math.max(0, beside)}px`;
    this.element.style.top = `${Math.max(0, Math.min(top, innerHeight - offsetHeight - 8))}px`;
  }
}
