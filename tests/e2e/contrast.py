"""The contrast of every visible text of a page, as the browser has drawn it."""

from typing import Any

from playwright.sync_api import Page

LEAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of any size."""

PALE = """(least) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  // any CSS color as [red, green, blue, alpha]
  const read = (color) => {
    if (!known.has(color)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = "rgba(0, 0, 0, 0)";
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
      known.set(color, [red, green, blue, alpha / 255]);
    }
    return known.get(color);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const luminance = (color) => {
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = color.map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const parent = (one) => one.assignedSlot ?? one.parentElement ?? (one.getRootNode().host || null);
  const ancestors = (one) => {
    const all = [];
    for (let here = one; here; here = parent(here)) all.push(here);
    return all;
  };
  // the ground below an element: its ancestors' colors, and in a chart the shape below the text
  const ground = (one, at) => {
    let color = [255, 255, 255, 1];
    for (const here of ancestors(one).reverse()) {
      // a label may stand outside of what it belongs to, as above the knob of a slider
      const { left, right, top, bottom } = here.getBoundingClientRect();
      const inside = left <= at[0] && at[0] <= right && top <= at[1] && at[1] <= bottom;
      if (inside) color = over(read(getComputedStyle(here).backgroundColor), color);
    }
    if (one.closest("svg")) {
      // Plotly's bars let the pointer through, so no point finds them
      const bar = one.matches(".bartext-inside") && one.parentElement.querySelector("path");
      const below = bar || document.elementsFromPoint(...at).find((shape) => shape.ownerSVGElement
        && !shape.closest("text") && shape !== one && getComputedStyle(shape).fill !== "none"
        && shape.matches("rect, path") && solid(shape));
      if (below) {
        const style = getComputedStyle(below);
        const [r, g, b, a] = read(style.fill);
        color = over([r, g, b, a * style.fillOpacity * style.opacity], color);
      }
    }
    return color;
  };
  const solid = (shape) => {
    const style = getComputedStyle(shape);
    return !style.fill.startsWith("url") && read(style.fill)[3] * style.fillOpacity > 0;
  };
  const inactive = (one) => ancestors(one).some((here) => here.matches(":disabled, [aria-disabled=true], [inert]"));
  const shown = (one, box) => {
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    if (box.width < 2 || box.height < 2) return false;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const scrolled = ancestors(one).some((here) => {
      const { left, right, top, bottom } = here.getBoundingClientRect();
      return /auto|scroll/.test(getComputedStyle(here).overflowY) && (x < left || x > right || y < top || y > bottom);
    });
    if (scrolled) return false;
    return !ancestors(one).some((here) => {
      const { clipPath, clip, overflow } = getComputedStyle(here);
      return clipPath.startsWith("inset(50%") || clip.startsWith("rect(0px, 0px") || clip === "rect(1px, 1px, 1px, 1px)"
        || (overflow === "hidden" && here.clientWidth <= 1);
    });
  };
  const describe = (one) => {
    const names = ancestors(one).flatMap((here) => [...here.classList]);
    const key = names.find((name) => name.startsWith("st-key-"));
    const test = ancestors(one).map((here) => here.dataset?.testid).find(Boolean);
    return [one.tagName.toLowerCase(), one.getAttribute("class") ?? "", test ?? "", key ?? ""].join(" | ");
  };
  const found = [];
  const judge = (one, text, style, box) => {
    if (!shown(one, box) || inactive(one) || one.dataset?.testid === "stIconMaterial") return;
    const at = [box.x + box.width / 2, box.y + box.height / 2];
    // cells of a heatmap are a picture; tests/core/charts/test_palette.py has their contrast
    if (one.closest(".heatmaplayer")) return;
    const below = ground(one, at);
    const [r, g, b, a] = read(one.namespaceURI.endsWith("svg") ? style.fill : style.color);
    const fade = ancestors(one).reduce((product, here) => product * getComputedStyle(here).opacity, 1);
    const color = over([r, g, b, a * fade], below);
    const contrast = ratio(color, below);
    if (contrast >= least) return;
    const hex = (color) => color.slice(0, 3).map((part) => Math.round(part).toString(16).padStart(2, "0")).join("");
    const colors = { color: hex(color), ground: hex(below) };
    found.push({ text: text.slice(0, 40), contrast: +contrast.toFixed(2), ...colors, where: describe(one) });
  };
  const walk = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) walk(one.shadowRoot);
      if (one.matches("style, script, option, noscript, title")) continue;
      if (one.matches("input, textarea") && one.placeholder && !one.value) {
        judge(one, one.placeholder, getComputedStyle(one, "::placeholder"), one.getBoundingClientRect());
      }
      for (const node of one.childNodes) {
        // a symbol is a picture, not text
        if (node.nodeType !== Node.TEXT_NODE || !/[\\p{L}\\p{N}]/u.test(node.data)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        judge(one, node.data.trim(), getComputedStyle(one), range.getBoundingClientRect());
      }
    }
  };
  walk(document.body);
  return found;
}"""


def pale_texts(page: Page, least: float = LEAST) -> list[dict[str, Any]]:
    """The texts with less contrast than this, each with its colors and place; inactive controls have no limit."""
    found: list[dict[str, Any]] = page.evaluate(PALE, least)
    return found
