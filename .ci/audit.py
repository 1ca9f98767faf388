"""Report known vulnerabilities: `pip-audit` on the installed dependencies of `requirements.txt`.

Fails on findings, but only prints a message if the vulnerability service is unreachable.
"""

import json
import re
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")
TIMEOUT = 600


def names(lines: list[str]) -> list[str]:
    """The package names in lines of a requirements file."""
    return [match.group() for line in lines if (match := NAME.match(line.strip()))]


def installed(wanted: list[str]) -> dict[str, str]:
    """These packages and their dependencies, with versions; without those that are only for other systems."""
    found: dict[str, str] = {}
    waiting = list(wanted)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = package.version
        waiting += names([need for need in package.requires or [] if "extra ==" not in need])
    return found


def ask(found: dict[str, str]) -> list[dict[str, Any]]:
    """Findings of `pip-audit` for each package; empty if no vulnerability service answers."""
    with tempfile.TemporaryDirectory() as folder:
        pinned, answer = Path(folder) / "pinned.txt", Path(folder) / "answer.json"
        pinned.write_text("".join(f"{name}=={version}\n" for name, version in found.items()), encoding="utf-8")
        options = ["--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json", f"--output={answer}"]
        command = ["pip-audit", f"--requirement={pinned}", *options]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            return []
        if not answer.is_file():
            print(ended.stderr[-1_000:])
            return []
        packages: list[dict[str, Any]] = json.loads(answer.read_text(encoding="utf-8"))["dependencies"]
        return packages


def verdict(packages: list[dict[str, Any]]) -> int:
    """Print the findings; returns 1 if there are any, 0 if there are none or the service was unreachable."""
    asked = [package for package in packages if "skip_reason" not in package]
    holes = [f"{each['name']} {each['version']}: {hole['id']}" for each in asked for hole in each["vulns"]]
    print("\n".join(holes))
    if asked:
        print(f"pip-audit: {len(holes)} known holes in {len(asked)} packages.")
    else:
        print("pip-audit: no service of known holes could be asked from here, so nothing is known.")
    return 1 if holes else 0


if __name__ == "__main__":
    wanted = names(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
    sys.exit(verdict(ask(installed(wanted))))
