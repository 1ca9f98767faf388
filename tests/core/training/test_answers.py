"""The answers of a program's trainings, whose networks a stub stands for."""

import pytest

from core.training import answers
from core.training.answers import Answers
from core.watching.answering import DONE, FINISH, RUN


@pytest.fixture
def spool(tmp_path):
    """A program's folder with two trainings, each with the weights of two epochs."""
    for name in ("fit-0001", "fit-0002"):
        (tmp_path / name).mkdir()
        (tmp_path / name / RUN).write_text(str(tmp_path / "runs" / name))
        for epoch in (1, 2):
            (tmp_path / name / f"weights-{epoch:04d}.npz").touch()
    return tmp_path


@pytest.fixture
def written(monkeypatch):
    """What was written of which run, in order; run `fit-0001` fails at its first weights."""
    found = []

    class Writer:
        def __init__(self, _source, folder):
            self.run = folder.path.name

        def write(self, path):
            if self.run == "fit-0001":
                raise ValueError("other weights")
            found.append((self.run, path.stem))

        def finish(self, best):
            found.append((self.run, best))

    monkeypatch.setattr(answers, "_Writer", Writer)
    monkeypatch.setattr(answers, "_IDLE_SECONDS", 0.0)
    monkeypatch.setattr(answers, "_POLL_SECONDS", 0.0)
    return found


def test_the_last_epochs_come_first_and_a_training_that_fails_takes_nothing_from_others(spool, written, capsys):
    (spool / "fit-0002" / FINISH).write_text("1")
    Answers(spool, has_time=lambda: True).follow()
    assert written == [("fit-0002", "weights-0002"), ("fit-0002", "weights-0001"), ("fit-0002", 1)]
    assert "other weights" in capsys.readouterr().err
    assert all((spool / name / DONE).exists() for name in ("fit-0001", "fit-0002"))


def test_nothing_is_done_without_time_and_nothing_after_the_program_is_forgotten(spool, written):
    def forgotten():
        for path in sorted(spool.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        spool.rmdir()
        return False

    Answers(spool, has_time=forgotten).follow()
    assert written == []
