"""`pip install -e .` installs the `digit-lab` command, usable from any folder."""

import os
import re
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from core.places import ROOT

DEPENDENCIES = "import importlib.metadata as metadata; print(*metadata.requires('digit-lab'), sep='\\n')"
PACKAGES = "import importlib.util as util; print(*[util.find_spec(name) is not None for name in ('core', 'pages')])"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The commands of a virtual environment with a copy of the checkout installed."""
    folder = tmp_path_factory.mktemp("installation")
    for package in ("core", "digit_lab", "pages"):
        shutil.copytree(ROOT / package, folder / "copy" / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("app.py", "pyproject.toml", "requirements.txt", "README.md"):
        shutil.copy(ROOT / file, folder / "copy")
    environment = folder / "environment"
    venv.create(environment)
    # nothing is downloaded, because the new environment sees the packages of the one that runs this test
    paths = {"base": str(environment), "platbase": str(environment)}
    outer = Path(sysconfig.get_path("purelib", "venv", paths)) / "outer.pth"
    outer.write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    scripts = Path(sysconfig.get_path("scripts", "venv", paths))
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([scripts / "python", *install, "--editable", folder / "copy"], check=True)
    return scripts


def output(folder, *command):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_the_command_and_core_work_from_another_folder(scripts, tmp_path):
    (line,) = output(tmp_path, scripts / "digit-lab", "data", "mnist-5k")
    assert line.startswith("mnist-5k: ")
    assert output(tmp_path, scripts / "python", "-c", PACKAGES) == ["True False"]


def test_dependencies_match_requirements_txt(scripts, tmp_path):
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    stated = {re.sub(r"\s", "", line.partition("#")[0]) for line in lines} - {""}
    assert {re.sub(r"\s", "", line) for line in output(tmp_path, scripts / "python", "-c", DEPENDENCIES)} == stated
