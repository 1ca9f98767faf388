"""The documents match the code."""

import re

import pytest

from core.config.layers import KINDS
from core.config.network import NETWORKS
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.inference import __main__ as inference
from core.places import ROOT
from core.server.limits import PUBLIC, Settings
from core.sweeps import __main__ as sweeps
from core.text import catalogue
from core.training import __main__ as training

SHARING = (ROOT / "docs/sharing.md").read_text(encoding="utf-8")
RELIABILITY = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
LAYERS = (ROOT / "docs/layers.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    ROOT / "cached_models/README.md",
    ROOT / "research/handwriting/README.md",
]
SETTINGS = sorted({*RunConfig.rules, *(name for network in NETWORKS.values() for name in network.rules)})


def test_every_setting_has_a_name_a_help_text_and_a_row_and_every_preset_its_figures():
    texts = {f"{kind}.{name}" for kind in ("fields", "help") for name in SETTINGS}
    assert texts - catalogue().keys() == set()
    assert [name for name in SETTINGS if f"`{name}`" not in README] == []
    assert [name for name in PRESETS if f"| `{name}` |" not in README] == []


def test_every_kind_of_layer_is_documented_with_its_arguments():
    rows = [line for line in LAYERS.splitlines() if line.startswith("| `")]
    for word, kind in KINDS.items():
        (row,) = (row for row in rows if f"`{word}`" in row.split("|")[1])
        assert f"`{kind.__name__}`" in row
        assert re.findall(r"`([a-z_12]+)`", row.split("|", 3)[3]) == [
            *kind.leading,
            *(name for name in kind.rules if name not in kind.leading),
        ]


@pytest.mark.parametrize("command", [inference, sweeps, training], ids=["inference", "sweeps", "training"])
def test_every_option_of_a_command_is_documented(command):
    options = set(re.findall(r"--[a-z-]+", command._parser().format_help()))
    assert [option for option in options - {"--help"} if f"`{option}" not in README] == []


def test_every_environment_variable_is_documented():
    sources = [path for folder in ("core", "pages", "benchmarks", "research") for path in (ROOT / folder).rglob("*.py")]
    names = {name for path in sources for name in re.findall(r"DIGIT_LAB_[A-Z_]+", path.read_text(encoding="utf-8"))}
    documents = README + "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert [name for name in names if f"`{name}`" not in documents] == []


def test_every_server_setting_is_documented_with_its_defaults():
    kinds = (Settings(), Settings(**{**PUBLIC, "public": True}))
    for name in Settings.rules:
        row = next(line for line in SHARING.splitlines() if line.startswith(f"| `{name}` |"))
        shown = [cell.strip().replace(",", "") for cell in row.split("|")[3:5]]
        assert shown == [_shown(getattr(settings, name)) for settings in kinds], name


def _shown(value):
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value in ((), "") else f"{value:g}" if value < 10**6 else str(value)


def test_every_fault_in_reliability_names_tests_that_exist():
    faults = [line.split(" | ") for line in RELIABILITY.splitlines() if line.startswith("| ")][1:]
    assert len(faults) > 20
    assert [fault for fault, _, tests, *_ in faults if "`tests/" not in tests] == []
    for name in re.findall(r"`(tests/[^`]+)`", RELIABILITY):
        file, _, function = name.partition("::")
        source = (ROOT / file).read_text(encoding="utf-8")
        assert not function or re.search(rf"^def {function}\(", source, re.MULTILINE), name


def test_every_package_is_on_the_map_for_contributors():
    drawn = re.findall(r"```\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)[0]
    packages = [path.parent.name for top in ("core", "pages") for path in (ROOT / top).glob("*/__init__.py")]
    assert [name for name in packages if f"  {name}/  " not in drawn] == []


def test_links_between_files_resolve():
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert target.startswith("http") or (document.parent / target).exists(), (document, target)
