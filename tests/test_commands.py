"""The documents, CI and the justfile name the same commands."""

import re

import pytest
import yaml

from core.places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = (".ci/run", "README.md", "CONTRIBUTING.md", ".github/pull_request_template.md")
CALLERS = [*sorted((ROOT / ".github/workflows").glob("*.yml")), *(ROOT / name for name in DOCUMENTS)]


def recipes():
    """The lines of each recipe of the justfile, without optional arguments."""
    found, lines = {}, []
    for line in (ROOT / "justfile").read_text(encoding="utf-8").splitlines():
        if head := re.match(r"([a-z][a-z-]*)[^:=]*:$", line):
            found[head.group(1)] = lines = []
        elif line.startswith("    "):
            lines.append(re.sub(r" *{{.*}}$", "", line.strip()))
    return found


@pytest.mark.parametrize(
    ("recipe", "start"), [("run", "pip install -r requirements.txt"), ("test", "pip install -r requirements-dev.txt")]
)
def test_a_recipe_runs_the_commands_of_the_readme(recipe, start):
    command = next(line for line in README.splitlines() if line.startswith(start + " "))
    assert command.split(" && ")[1:] == recipes()[recipe]


@pytest.mark.parametrize("caller", CALLERS, ids=lambda path: path.name)
def test_every_recipe_that_is_called_exists(caller):
    called = set(re.findall(r"(?:^|`|run: )just ([a-z][a-z-]*)", caller.read_text(encoding="utf-8"), re.MULTILINE))
    assert called <= recipes().keys()


def test_ci_runs_the_checks_and_tests_on_every_supported_python_and_system():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    commands = {name: [step.get("run") for step in job["steps"]] for name, job in workflow["jobs"].items()}
    assert "just check" in commands["check"]
    assert "just test" in commands["test"]
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    stated = re.search(r"^Python (.*)\.$", README, re.MULTILINE).group(1)
    assert matrix["python"] == re.findall(r"3\.\d+", stated)
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]


def test_the_scheduled_workflow_runs_the_slow_tests():
    workflow = yaml.safe_load((ROOT / ".github/workflows/slow.yml").read_text(encoding="utf-8"))
    # YAML reads the key `on` as true
    assert workflow[True]["schedule"]
    assert "just test-slow" in [step.get("run") for step in workflow["jobs"]["slow"]["steps"]]
    assert recipes()["test-slow"] == ["pytest --slow"]


def test_no_other_dependency_file_takes_precedence_over_requirements_txt():
    # Streamlit Community Cloud installs from the first of these that it finds
    assert [name for name in ("uv.lock", "Pipfile", "environment.yml") if (ROOT / name).exists()] == []
