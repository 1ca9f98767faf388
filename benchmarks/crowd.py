"""What watchers cost the server and the training, and what many runs cost a page."""

import time
from dataclasses import dataclass
from operator import attrgetter

from benchmarks.analysis import copies
from benchmarks.first_page import finished_run
from benchmarks.journal import Journal
from benchmarks.measurement import Measurement, charted
from benchmarks.serving import APP, Server, serving
from benchmarks.setting import Setting
from benchmarks.visiting import Visit, rest, visitable
from benchmarks.watchers import percentile, watch
from core.config.presets import PRESETS
from core.queue.queue import Queue
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.store import RunStore

_WATCHERS = (1, 10, 20, 50)
_RUNS = (10, 100, 1_000)
_TICK_MS, _TICK_SECONDS = 25, 1.5
_LONG = 200, 100_000
"""Epochs and batch windows of a long run."""
_LONG_TIMES = 1.3
_SLOWED = {1: 3, 10: 10, 20: 15}
"""Maximum slowdown of training in percent, by number of watchers."""
_LEFT_PERCENT, _LEAVING_SECONDS = 120, 150
"""Maximum memory in percent of before, after Streamlit has dropped the sessions that left, which takes two minutes."""
_WINDOWS, _START_SECONDS = 8, 120


@dataclass(frozen=True, slots=True)
class Watched:
    """A span with watchers: server ms per tick, all seconds between ticks, and the slowdown of training in percent.

    `delays` are the seconds from writing a point to seeing it.
    """

    cost: float
    gaps: list[float]
    delays: list[float]
    slowed: float
    resident: float


def crowd(setting: Setting) -> list[Measurement]:
    """One run watched by a growing number of sessions without a browser; the Train page with more and longer runs."""
    measured = [*_watched(setting), *_listed(setting)]
    return measured if setting.quick else [*measured, *_long(setting)]


def _watched(setting: Setting) -> list[Measurement]:
    store = RunStore(setting.folder / "crowd")
    run_id = Queue(store).submit(PRESETS["lenet-20-50"].replace(dataset=setting.dataset, epochs=1000))
    folder = store.find(run_id).folder
    with serving(APP, setting.folder, store.runs_dir) as server:
        # the queue's thread starts with the first visit
        watch(server.address, f"run={run_id}", watchers=1, seconds=1)
        _await_windows(folder)
        sizes = _WATCHERS[1:2] if setting.quick else _WATCHERS
        before, _ = server.memory()
        with Journal(folder) as journal:
            seen = {count: _turns(setting, server, journal, run_id, count) for count in sizes}
        left = [] if setting.quick else [_left(server, before)]
    costs = [
        Measurement.of(f"A tick at the server, {_people(count)}", "ms", [turn.cost for turn in turns], limit=_TICK_MS)
        for count, turns in seen.items()
    ]
    gaps, delays = (
        [
            Measurement.of(
                f"{name}, 95th percentile, {_people(count)}",
                "s",
                [percentile([value for turn in turns for value in values(turn)], 0.95)],
                limit=_TICK_SECONDS if count in _SLOWED else None,
            )
            for count, turns in seen.items()
        ]
        for name, values in (
            ("From tick to tick", attrgetter("gaps")),
            ("From a point written to seen", attrgetter("delays")),
        )
    )
    slowed = [
        Measurement.of(
            f"Training slowed down by {_people(count)}", "%", [turn.slowed for turn in turns], limit=_SLOWED.get(count)
        )
        for count, turns in seen.items()
    ]
    memory = [
        Measurement.of(f"Memory of the Streamlit process, {_people(count)} (RSS)", "MB", [turns[-1].resident])
        for count, turns in seen.items()
    ]
    return [*charted(costs), *charted(gaps), *charted(delays), *slowed, *charted(memory), *left]


def _left(server: Server, before: float) -> Measurement:
    """The server's memory some minutes after all watchers have left, in percent of what it was before."""
    time.sleep(_LEAVING_SECONDS)
    resident, _ = server.memory()
    name = "Memory of the Streamlit process after all have left, of what it was before"
    return Measurement.of(name, "%", [100 * resident / before], limit=_LEFT_PERCENT)


def _people(count: int) -> str:
    return f"{count} watcher{'' if count == 1 else 's'}"


def _turns(setting: Setting, server: Server, journal: Journal, run_id: str, count: int) -> list[Watched]:
    """Alternate between this many watchers and none, so that load from elsewhere affects both."""
    seconds = setting.turns(full=8, quick=4)
    turns, before = [], _alone(seconds)
    for _ in range(setting.turns(full=3, quick=1)):
        watched, before = _watch(server, journal, run_id, count, seconds, before)
        turns.append(watched)
    return turns


def _watch(
    server: Server, journal: Journal, run_id: str, count: int, seconds: float, before: tuple[float, float]
) -> tuple[Watched, tuple[float, float]]:
    """A span with watchers, compared with the spans without any before and after it; also returns the latter."""
    # both visits include the cost of opening the pages, so the difference does not
    spent = [server.busy_seconds()]
    short = watch(server.address, f"run={run_id}", watchers=count, seconds=seconds / 10)
    spent.append(server.busy_seconds())
    visits = watch(server.address, f"run={run_id}", watchers=count, seconds=seconds)
    ended = time.monotonic()
    spent.append(server.busy_seconds())
    resident, _ = server.memory()
    dropped = next((visit.dropped for visit in visits if visit.dropped), "")
    if dropped:
        raise RuntimeError(f"A watcher was dropped: {dropped}")
    began = max(visit.drawn or 0 for visit in visits)
    after = _alone(seconds)
    alone = (journal.speed(*before) + journal.speed(*after)) / 2
    ticks = sum(len(visit.ticks) for visit in visits) - sum(len(visit.ticks) for visit in short)
    if ticks <= 0:
        raise RuntimeError("The watchers see no ticks; run `streamlit run app.py` to see why.")
    busy = (spent[2] - spent[1]) - (spent[1] - spent[0])
    gaps = [gap for visit in visits for gap in visit.gaps]
    written = journal.written()
    delays = [moment - written[place] for visit in visits for moment, place in visit.news]
    slowed = 100 * (1 - journal.speed(began, ended) / alone)
    return Watched(1000 * busy / ticks, gaps, delays, slowed, resident), after


def _alone(seconds: float) -> tuple[float, float]:
    began = time.monotonic()
    time.sleep(seconds)
    return began, time.monotonic()


def _await_windows(folder: RunFolder) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not folder.batches_csv.exists() or folder.batches_csv.read_text().count("\n") <= _WINDOWS:
        if time.monotonic() > deadline:
            raise RuntimeError("The run to be watched does not start; see its log.")
        time.sleep(0.1)


def _listed(setting: Setting) -> list[Measurement]:
    """Open the Train page for the first time and again, with many runs beside the shipped ones."""
    original = RunStore(finished_run(setting), setting.folder / "none").runs()[0].folder
    first, again = [], []
    for count in _RUNS[:1] if setting.quick else _RUNS:
        listed = copies(original, setting.folder / f"listed-{count}", count, whole=False)
        with visitable(setting.folder, listed) as server:
            visit = Visit(server)
            first.append(Measurement.of(f"Train page first opened, {count:,} runs", "ms", [visit.open("")]))
            rest(server)
            times = [visit.open("") for _ in range(setting.turns(full=7, quick=3))]
            again.append(Measurement.of(f"Train page opened again, {count:,} runs", "ms", times))
    return [*charted(first), *charted(again)]


def _long(setting: Setting) -> list[Measurement]:
    """The Train page with a long run, compared with one of a few epochs."""
    original = RunStore(finished_run(setting), setting.folder / "none").runs()[0].folder
    runs_dir = copies(original, setting.folder / "long", 2, whole=True)
    short, long = (run.folder for run in RunStore(runs_dir, setting.folder / "none").runs())
    _lengthen(long)
    first: dict[str, list[float]] = {folder.id: [] for folder in (short, long)}
    again: dict[str, list[float]] = {folder.id: [] for folder in (short, long)}
    for _ in range(3):
        for folder in (short, long):
            with visitable(setting.folder, runs_dir) as server:
                visit = Visit(server)
                visit.open("")
                first[folder.id].append(visit.open("", run=folder.id))
                again[folder.id] += [visit.open("", run=folder.id) for _ in range(7)]
    name = "Train page, a run of {} epochs and {:,} windows, ".format(*_LONG)
    against = f"{short.status().epoch} epochs"
    return [
        Measurement.of(f"{name}first opened", "ms", first[long.id], first[short.id], against=against),
        Measurement.of(f"{name}drawn again", "ms", again[long.id], again[short.id], against=against, times=_LONG_TIMES),
    ]


def _lengthen(folder: RunFolder) -> None:
    """Extend a run to the epochs and windows of a long one."""
    epochs, windows = _LONG
    per_epoch = windows // epochs
    folder.epochs_csv.write_text(
        ",".join(EPOCH_COLUMNS) + "\n" + "".join(f"{n},{1 / n},0.9,{1 / n},0.9,0.001,2\n" for n in range(1, epochs + 1))
    )
    folder.batches_csv.write_text(
        ",".join(BATCH_COLUMNS)
        + "\n"
        + "".join(f"{n // per_epoch + 1},{n % per_epoch + 1},{1 / (n + 1)},0.9,9000\n" for n in range(windows))
    )
