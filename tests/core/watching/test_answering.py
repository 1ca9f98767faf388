"""The process that computes answers is started when there is room, and a run does not wait for one that fails."""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field

import pytest

from core.runs.folder import RunFolder
from core.watching import answering
from core.watching.answering import DONE, FINISH, RUN, Answering


@dataclass
class Children:
    """Stands for the command of our modules: runs `program` instead, and remembers what was started."""

    program: str = ""
    started: list[subprocess.Popen] = field(default_factory=list)

    def command(self, _module, *_arguments):
        return [sys.executable, "-c", self.program]


@pytest.fixture
def children(monkeypatch):
    made = Children()
    start = subprocess.Popen

    def remembered(*arguments, **options):
        made.started.append(start(*arguments, **options))
        return made.started[-1]

    monkeypatch.setattr(answering.child_process, "command", made.command)
    monkeypatch.setattr(answering.subprocess, "Popen", remembered)
    monkeypatch.setattr(answering.SpareTime, "allows", lambda *_: False)
    return made


@pytest.fixture
def asked(tmp_path):
    """What answers the trainings of a program, asked for those of one, and the folder of that training."""
    source, run = tmp_path / "fit-0001", tmp_path / "run"
    source.mkdir()
    run.mkdir()
    made = Answering(tmp_path)
    assert made.is_done(source)
    made.ask(source, RunFolder(run))
    made.finish(source, 3)
    return made, source


@pytest.mark.parametrize(("room", "lives"), [(True, True), (False, False)])
def test_it_is_started_once_when_there_is_room_or_the_program_has_ended(children, asked, monkeypatch, room, lives):
    made, source = asked
    assert (source / RUN).read_text() == str(source.parent / "run")
    assert (source / FINISH).read_text() == "3"
    made.follow(lives=True)
    assert (children.started, made.is_done(source)) == ([], False)
    monkeypatch.setattr(answering.SpareTime, "allows", lambda *_: room)
    children.program = "import time; time.sleep(60)"
    made.follow(lives=lives)
    made.follow(lives=lives)
    (process,) = children.started
    process.kill()
    process.wait()


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "import os; os.kill(os.getpid(), 9)"])
def test_a_run_does_not_wait_for_one_that_failed(children, asked, program):
    made, source = asked
    children.program = program
    made.follow(lives=False)
    children.started[0].wait()
    made.follow(lives=False)
    assert made.is_done(source)
    made.follow(lives=False)
    assert len(children.started) == 1


def test_what_was_asked_while_it_ended_is_started_again(children, asked):
    made, source = asked
    for _ in range(2):
        made.follow(lives=False)
        children.started[-1].wait()
        made.follow(lives=False)
    assert len(children.started) == 2
    (source / DONE).touch()
    made.follow(lives=False)
    assert (len(children.started), made.is_done(source)) == (2, True)


def test_a_machine_that_starts_no_process_ends_the_wait(asked, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError("no memory")

    made, source = asked
    monkeypatch.setattr(answering.subprocess, "Popen", refuse)
    with pytest.raises(OSError, match="no memory"):
        made.follow(lives=False)
    assert made.is_done(source)


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere, a process has one priority.")
@pytest.mark.parametrize("lives", [True, False])
def test_it_has_the_lowest_priority_only_while_the_program_runs(children, asked, monkeypatch, tmp_path, lives):
    made, _ = asked
    monkeypatch.setattr(answering.SpareTime, "allows", lambda *_: True)
    children.program = f"import os; open({str(tmp_path / 'priority')!r}, 'w').write(str(os.nice(0)))"

    def start():
        os.nice(1)
        made.follow(lives=lives)

    # of this thread alone, which ends with it
    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    children.started[0].wait()
    assert (tmp_path / "priority").read_text() == str(os.nice(0) + lives)
