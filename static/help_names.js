// Names each "?" beside a heading or text after what it explains: Streamlit names all of them "Help".

const LONGEST = 80; // characters of a text
let observer;
let timer;

export default function ({ data: { name } }) {
  const rename = () => {
    timer = undefined;
    for (const button of document.querySelectorAll('button:is([aria-label="Help"], [data-names-help])')) {
      const about = textOf(button.closest('[data-testid="stElementContainer"]'));
      if (about) Object.assign(button, { ariaLabel: name.replace("{about}", about) }).dataset.namesHelp = "";
    }
  };
  observer?.disconnect();
  observer = new MutationObserver(() => (timer ??= setTimeout(rename, 100)));
  observer.observe(document.body, { childList: true, subtree: true });
  rename();
}

function textOf(element) {
  const text = element?.innerText.trim().replace(/\s+/g, " ") ?? "";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
