"""Components' scripts as static files, which a browser fetches once, and what stands in their place until then."""

from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"


def loader(name: str) -> str:
    """JavaScript that imports static/<name>.js and calls its default export; Streamlit sends it with every message.

    The query changes with the script, because a browser keeps a file as long as it likes. Modules that the script
    imports have their version in their names instead: static/README.md says why.
    """
    version = sha256((STATIC / f"{name}.js").read_bytes()).hexdigest()[:8]
    return f"""const url = new URL("app/static/{name}.js?v={version}", document.baseURI);
export default async (component) => (await import(url)).default(component);
"""


def empty(name: str, height: str) -> str:
    """HTML of a component until its script replaces what is in it: a gray area of this height (CSS)."""
    area = "border-radius:var(--st-base-radius);background:var(--st-secondary-background-color)"
    return f'<div class="{name}"><i style="display:block;height:{height};{area}"></i></div>'
