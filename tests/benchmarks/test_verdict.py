"""The verdict benchmark: its histories, how they are counted, and its command."""

import math

import pytest

from benchmarks.histories import KINDS, SEEDS, TUNED_ON, History, read, settings, write
from benchmarks.verdict import Score, main, missed, report

SOUND = History("healthy", 1, 0.001, (0.9, 0.5, 0.4, 0.35), (0.7, 0.42, 0.36, 0.33))
OVERFITTED = History("overfits early", TUNED_ON + 2, 0.001, (0.4, 0.1, 0.02, 0.01), (0.3, 0.25, 0.27, 0.3))
WRONG = History("healthy", TUNED_ON + 4, 0.001, OVERFITTED.loss, OVERFITTED.val_loss)
EXPLODED = History("diverges", 3, 1.0, (5.5, math.nan), (math.nan, math.nan))


@pytest.mark.parametrize("kind", KINDS)
def test_each_half_contains_all_causes_of_a_kind(kind):
    chosen = [settings(kind, seed).replace(seed=1) for seed in range(1, SEEDS + 1)]
    assert chosen == [settings(kind, seed).replace(seed=1) for seed in range(1, SEEDS + 1)]
    for half in (chosen[:TUNED_ON], chosen[TUNED_ON:]):
        assert len({str(config.to_json()) for config in half}) >= 7
        assert len({(config.optimizer, config.network.kind, config.network.activation) for config in half}) >= 2


def test_histories_are_read_back_unchanged(tmp_path):
    write(tmp_path / "histories.csv", [SOUND, OVERFITTED, EXPLODED])
    assert read(tmp_path / "histories.csv")[:2] == [SOUND, OVERFITTED]
    exploded = read(tmp_path / "histories.csv")[2]
    assert (exploded.learning_rate, exploded.loss[0], len(exploded.val_loss)) == (1.0, 5.5, 2)
    assert math.isnan(exploded.loss[1])


def test_detections_and_false_alarms_are_counted_in_each_half():
    lines = report([SOUND, OVERFITTED, EXPLODED, WRONG]).splitlines()
    cells = {line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]] for line in lines}
    assert cells["healthy"] == ["1 of 1", "0 of 1", "0 of 1", "0 of 1", "missed"]
    assert cells["overfitting"] == ["0 of 0", "0 of 2", "1 of 1", "1 of 1", "missed"]
    assert cells["diverging"] == ["1 of 1", "0 of 1", "0 of 0", "0 of 2", "ok"]
    assert cells["all"] == ["2 of 2", "0 of 12", "1 of 2", "1 of 12", "missed"]
    assert [missed(history) for history in (SOUND, OVERFITTED, EXPLODED, WRONG)] == [False, False, False, True]
    assert Score(found=19, ill=20, false=1, others=60).ok
    assert not Score(found=18, ill=20, false=0, others=60).ok
    assert not Score(found=20, ill=20, false=2, others=60).ok


def test_the_command_judges_a_file_and_lists_wrong_verdicts(tmp_path, capsys):
    document = tmp_path / "verdict.md"
    document.write_text("<!-- table verdict -->\n<!-- end of table -->\n", encoding="utf-8")
    write(tmp_path / "histories.csv", [SOUND, WRONG])
    assert main(["--histories", str(tmp_path / "histories.csv"), "--write", str(document)]) == 0
    assert f"healthy, seed {TUNED_ON + 4}: overfitting" in capsys.readouterr().out
    assert report([SOUND, WRONG]) in document.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_command_trains_with_the_worker(printed, tmp_path):
    kept = tmp_path / "kept.csv"
    printed("benchmarks.verdict", "--only", "diverges", "--seeds", 1, "--keep", kept)
    (history,) = read(kept)
    assert (history.kind, history.seed, len(history.loss)) == ("diverges", 1, settings("diverges", 1).epochs)
    assert min(history.loss) > 10
