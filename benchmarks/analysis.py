"""Server time for the pages about finished runs, and the server's memory afterwards."""

import itertools
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from benchmarks.measurement import Measurement
from benchmarks.serving import Server
from benchmarks.setting import Setting
from benchmarks.visiting import Visit, rest, visitable
from core.places import ROOT
from core.runs.folder import RunFolder
from core.runs.predictions import images_in
from core.runs.store import SHIPPED_DIR, RunStore

_SHIPPED = "cnn-16-36"
# many epochs, yet trained in seconds on few digits
_TRAINED = "mlp-512-overfit"
_OPENED, _LISTED = 10, 1_000
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Memory:
    """The server's memory in MB (10^6 bytes); `proportional` only where the system reports it."""

    resident: float
    unique: float
    proportional: float | None

    @classmethod
    def of(cls, server: Server) -> "Memory":
        info = server.process.memory_full_info()
        proportional = getattr(info, "pss", None)
        return cls(info.rss / 1e6, info.uss / 1e6, None if proportional is None else proportional / 1e6)


def analysis(setting: Setting) -> list[Measurement]:
    """The pages Results, Mistakes and Runs, each in its most expensive case."""
    original = _original(setting)
    digits = f"{images_in(original.manifest().config, 'test'):,} digits"
    opened = copies(original, setting.folder / "opened", _OPENED, whole=True)
    # gives a round number together with the shipped runs
    shipped = sum(run.shipped for run in RunStore(setting.folder).runs())
    listed = copies(original, setting.folder / "listed", _LISTED - shipped, whole=False)
    return [*_results(setting, opened, digits), *_runs(setting, listed), *_memory(setting, opened, digits)]


def copies(original: RunFolder, runs_dir: Path, count: int, *, whole: bool) -> Path:
    """A folder with copies of a run, created a minute apart; without `whole`, only with what a list of runs reads."""
    manifest = original.manifest()
    for number in range(count):
        copy = RunFolder(runs_dir / f"copy-{number:06d}")
        if whole:
            shutil.copytree(original.path, copy.path)
        else:
            copy.path.mkdir(parents=True)
            for name in ("status.json", original.epochs_csv.name):
                shutil.copy(original.path / name, copy.path)
        copy.write_manifest(replace(manifest, created=manifest.created - 60 * number))
    return runs_dir


def _original(setting: Setting) -> RunFolder:
    """The shipped run on MNIST if its digits are available, else a new run on the available digits.

    Raises CalledProcessError if it cannot be trained.
    """
    if setting.dataset == "mnist":
        return RunFolder(SHIPPED_DIR / _SHIPPED)
    runs_dir = setting.folder / "trained"
    options = ["--preset", _TRAINED, "--dataset", setting.dataset, "--runs-dir", str(runs_dir)]
    subprocess.run([sys.executable, "-m", "core.training", *options], cwd=ROOT, capture_output=True, check=True)
    return RunStore(runs_dir, setting.folder / "none").runs()[0].folder


def _results(setting: Setting, runs_dir: Path, digits: str) -> list[Measurement]:
    after_train, alone = [], []
    for _ in range(setting.turns(full=5, quick=2)):
        with visitable(setting.folder, runs_dir) as server:
            visit = Visit(server)
            alone.append(visit.open("run", tab="results"))
            visit.element("view.epoch")
        with visitable(setting.folder, runs_dir) as server:
            visit = Visit(server)
            visit.open("")
            rest(server)
            after_train.append(visit.open("run", tab="results"))
            visit.element("view.epoch")
            if len(after_train) == 1:
                chosen = [_epochs(visit, setting, digits), *_sheets(visit, setting)]
    return [
        *chosen,
        Measurement.of(f"Results page, {digits}, first opened after Train", "ms", after_train, limit=600),
        Measurement.of(f"Results page, {digits}, first page of a new server", "ms", alone),
    ]


def _epochs(visit: Visit, setting: Setting, digits: str) -> Measurement:
    """Choose every epoch for the first time, so that its predictions have to be read."""
    slider = visit.element("view.epoch")
    others = [epoch for epoch in slider["props"]["options"] if epoch != slider["value"]]
    drawn = [_matrix(visit)]

    def choose(epoch: str) -> float:
        taken = visit.choose("view.epoch", epoch)
        drawn.append(_matrix(visit))
        if visit.element("view.epoch")["value"] != epoch:
            raise RuntimeError(f"The Results page does not show epoch {epoch}.")
        return taken

    times = _timed(choose, itertools.islice(others, 1 + setting.turns(full=19, quick=6)))
    # with few digits, two epochs may have the same matrix
    if all(matrix == drawn[0] for matrix in drawn):
        raise RuntimeError("The matrix stays as it is, whatever the epoch.")
    return Measurement.of(f"Epoch slider to the matrix, {digits}", "ms", times, limit=120)


def _matrix(visit: Visit) -> object:
    return visit.element("confusion-matrix.0")["data"]["spec"]["data"]


def _sheets(visit: Visit, setting: Setting) -> list[Measurement]:
    """Sort the mistakes differently, then page through all digits."""
    turns = 1 + setting.turns(full=20, quick=6)
    visit.open("run", tab="mistakes")
    sizes = [_sheet_size(visit)]

    def choose(key: str, value: str | int) -> float:
        taken = visit.choose(key, value)
        sizes.append(_sheet_size(visit))
        return taken

    sorts = visit.element("view.sort")["props"]["options"]
    orders = itertools.islice(itertools.cycle([*sorts[1:], sorts[0]]), turns)
    sorted_anew = _timed(lambda sort: choose("view.sort", sort), orders)
    most_wrong = sizes[-1]
    visit.choose("view.answers", visit.element("view.answers")["props"]["options"][-1])
    pages = range(2, 2 + min(turns, visit.element("mistakes.page.1")["props"]["num_pages"] - 1))
    turned = _timed(lambda page: choose(f"mistakes.page.{page - 1}", page), pages)
    return [
        Measurement.of(f"Sheet of {most_wrong} digits, sorted anew", "ms", sorted_anew, limit=200),
        Measurement.of(f"Sheet of {sizes[-1]} digits, page turned", "ms", turned, limit=200),
    ]


def _sheet_size(visit: Visit) -> int:
    return len(visit.element("mistakes.sheet")["props"]["data"]["digits"])


def _runs(setting: Setting, runs_dir: Path) -> list[Measurement]:
    first, again = [], []
    for _ in range(setting.turns(full=5, quick=2)):
        with visitable(setting.folder, runs_dir) as server:
            visit = Visit(server)
            visit.open("")
            rest(server)
            first.append(visit.open("runs") / 1000)
            rows = len(RunStore(runs_dir).entries())
            rest(server)
            again.append(visit.open("runs") / 1000)
    return [
        Measurement.of(f"Runs page, {rows:,} runs, first opened after Train", "s", first, limit=1),
        Measurement.of(f"Runs page, {rows:,} runs, opened again", "s", again),
    ]


def _memory(setting: Setting, runs_dir: Path, digits: str) -> list[Measurement]:
    taken = []
    for _ in range(setting.turns(full=3, quick=1)):
        with visitable(setting.folder, runs_dir) as server:
            visit = Visit(server)
            visit.open("")
            after = []
            for tab in ("results", "mistakes"):
                visit.open("run", tab=tab)
                # the first is selected already, so it comes last; the shipped run at the end is left out
                first, *others = visit.element("view.run")["props"]["options"][:_OPENED]
                for run in (*others, first):
                    visit.choose("view.run", run)
                    if visit.element("view.run")["value"] != run:
                        raise RuntimeError(f"The tab {tab} does not show {run}.")
                    after.append(Memory.of(server))
            taken.append(max(after, key=lambda memory: memory.resident))
    name = f"Memory of the Streamlit process, {_OPENED} runs of {digits} opened"
    rows = [
        Measurement.of(f"{name} (RSS)", "MB", [memory.resident for memory in taken], limit=380),
        Measurement.of(f"{name} (USS)", "MB", [memory.unique for memory in taken]),
    ]
    counted = [memory.proportional for memory in taken if memory.proportional is not None]
    if counted:
        rows.append(Measurement.of(f"{name} (PSS)", "MB", counted))
    return rows


def _timed(choose: Callable[[_Value], float], values: Iterable[_Value]) -> list[float]:
    """Times of all but the first, which also loads what the page needs."""
    return [choose(value) for value in values][1:]
