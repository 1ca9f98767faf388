"""The commands for data sets that people bring: add, list, rename, describe, export, delete."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from core.config.datasets import BUILT_IN, MODES
from core.data.about import LENGTHS, About
from core.data.adding import Stage, Texts, add, add_known
from core.data.form import Wish
from core.data.importing import TEST_SHARE, Choices
from core.data.known import KNOWN
from core.data.store import AddedDataset, added_sets, check_new
from core.errors import DigitLabError
from core.formatting import size
from core.places import ROOT, named_place, place
from core.text import listed, named, say

_OPTIONS = {text: f"--{'license' if text == 'licence' else text}" for text in LENGTHS}
_DESCRIBED = ("licence", "source", "note")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The subcommands; each sets `run`, which takes the options and returns the exit status."""
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], *, named: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=say(f"data_command.{name}"), description=say(f"data_command.{name}"))
        made.set_defaults(run=run)
        if named:
            made.add_argument("name")
        return made

    adding = command("add", _add, named=False)
    adding.add_argument("paths", nargs="+", type=place, metavar="PATH", help=say("data_command.help_path"))
    adding.add_argument("--name", required=True, help=say("data_command.help_name"))
    adding.add_argument("--size", help=say("data_command.help_size"))
    adding.add_argument("--mode", choices=MODES, default=MODES[0], help=say("data_command.help_mode"))
    adding.add_argument("--channels", type=int, choices=(1, 3), help=say("data_command.help_channels"))
    adding.add_argument("--test-share", type=float, default=TEST_SHARE, help=say("data_command.help_share"))
    adding.add_argument("--seed", type=int, default=1, help=say("data_command.help_seed"))
    for text in LENGTHS:
        adding.add_argument(_OPTIONS[text], dest=text, default="", help=say(f"data_command.help_{text}"))
    command("list", _list, named=False)
    command("rename", _rename).add_argument("title", help=say("data_command.help_title"))
    describing = command("describe", _describe)
    for text in _DESCRIBED:
        describing.add_argument(_OPTIONS[text], dest=text, help=say(f"data_command.help_{text}"))
    command("export", _export).add_argument("npz", type=place, metavar="FILE")
    command("delete", _delete).add_argument("--yes", action="store_true", help=say("data_command.help_yes"))


def prepare_known(name: str, paths: list[Path]) -> int:
    """Add a well-known data set, downloaded or from files, and print what was found."""
    _print_added(name, _with_bar(lambda report: add_known(name, paths, report)))
    return 0


def _add(options: argparse.Namespace) -> int:
    check_new(options.name)
    chosen = Wish.read_size(options.size) if options.size else None
    choices = Choices(Wish(chosen, options.mode, options.channels), options.test_share, options.seed)
    texts = Texts(**{text: getattr(options, text) for text in LENGTHS})
    _print_added(options.name, _with_bar(lambda report: add(options.name, options.paths, choices, texts, report)))
    return 0


def _list(_: argparse.Namespace) -> int:
    for added in added_sets():
        try:
            about = added.about()
        except DigitLabError as error:
            print(named(added.name, say(error.message)))
            continue
        print(say("data_command.line", name=added.name, size=size(added.bytes), title=about.title, **_counts(about)))
    others = [*BUILT_IN, *(name for name in KNOWN if not AddedDataset.named(name).exists)]
    print(say("data_command.others", names=listed(others)))
    return 0


def _rename(options: argparse.Namespace) -> int:
    AddedDataset.named(options.name).describe(title=options.title)
    return 0


def _describe(options: argparse.Namespace) -> int:
    added = AddedDataset.named(options.name)
    texts = {text: value for text in _DESCRIBED if (value := getattr(options, text)) is not None}
    if texts:
        added.describe(**texts)
    elif not added.exists:
        raise DigitLabError("data_add.no_such", name=options.name)
    about = added.about()
    for text in LENGTHS:
        print(say("data_command.text", name=say(f"data_command.texts.{text}"), text=getattr(about, text) or "–"))
    _print_added(added.name, about)
    return 0


def _export(options: argparse.Namespace) -> int:
    added = AddedDataset.named(options.name)
    if not added.exists:
        raise DigitLabError("data_add.no_such", name=options.name)
    added.export(options.npz)
    return 0


def _delete(options: argparse.Namespace) -> int:
    added = AddedDataset.named(options.name)
    if not added.exists:
        raise DigitLabError("data_add.no_such", name=options.name)
    runs = _runs_with(added.name)
    if runs and not options.yes:
        key = "data_command.needed_one" if len(runs) == 1 else "data_command.needed"
        told = {"name": added.name, "count": len(runs), "runs": listed(runs[:5])}
        print(say(key, **told), file=sys.stderr)
        return 2
    added.delete()
    return 0


def _runs_with(name: str) -> list[str]:
    """The runs in the folder of runs that were trained on this data set."""
    found = []
    for path in sorted(named_place("DIGIT_LAB_RUNS", ROOT / "runs").glob("*/run.json")):
        try:
            config = json.loads(path.read_text(encoding="utf-8"))["config"]
            if config["dataset"] == name:
                found.append(path.parent.name)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # no run can be read there, so none needs the data
    return found


def _with_bar(work: Callable[[Callable[[Stage, float], None]], About]) -> About:
    with tqdm(total=100, unit="%", delay=0.5, file=sys.stderr, leave=False, bar_format="{desc} {bar} {n:.0f} %") as bar:

        def report(stage: Stage, share: float) -> None:
            bar.set_description(say(f"data_command.stages.{stage}"), refresh=False)
            bar.update(100 * share - bar.n)

        return work(report)


def _print_added(name: str, about: About) -> None:
    print(say("data_command.added", name=name, digest=about.description.digest, **_counts(about)))
    for finding in about.findings:
        print(f"{'!' if finding.level == 'problem' else '-'} {say(finding.message)}")
    for skipped in about.skipped:
        print(f"    {named(skipped.name, say(skipped.reason))}")


def _counts(about: About) -> dict[str, object]:
    height, width, channels = about.description.shape
    return {
        "training": about.description.training,
        "test": about.description.test,
        "classes": len(about.description.classes),
        "shape": f"{height} × {width}" + (f" × {channels}" if channels > 1 else ""),
    }
