"""From a run's CSVs to the lines of its charts."""

import pytest

from core.charts.batch_windows import POINTS
from core.charts.learning_curves import LearningCurves, exploded
from core.config.presets import PRESETS, printed_history
from core.config.run import RunConfig
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.status import Status

UPDATES = 10


@pytest.fixture
def folder(tmp_path):
    return RunFolder.create(tmp_path, RunConfig(), Status(state="training"))


def write(path, columns, rows):
    path.write_text("\n".join(",".join(map(str, row)) for row in [columns, *rows]) + "\n", encoding="utf-8")


def lines(folder, metric, **options):
    return {trace.role: trace for trace in getattr(LearningCurves(folder, UPDATES, **options).read(), metric)}


def test_a_run_without_data_has_no_lines(folder):
    assert lines(folder, "loss") == {}


def test_lines_show_the_columns_and_mark_the_lowest_validation_loss(folder):
    rows = [
        (1, 0.5, 0.8, 0.4, 0.85, 0.001, 1),
        (2, 0.3, 0.9, 0.2, 0.93, 0.001, 1),
        (3, 0.2, 0.95, 0.25, 0.94, 0.001, 1),
    ]
    write(folder.epochs_csv, EPOCH_COLUMNS, rows)
    loss, accuracy = lines(folder, "loss"), lines(folder, "accuracy")
    assert (loss["training"].x, loss["training"].y) == ((1, 2, 3), (0.5, 0.3, 0.2))
    assert loss["validation"].y == (0.4, 0.2, 0.25)
    assert (loss["best"].x, loss["best"].y) == ((2,), (0.2,))
    assert accuracy["validation"].y == (0.85, 0.93, 0.94)
    assert (accuracy["best"].x, accuracy["best"].y) == ((2,), (0.93,))


def test_without_validation_there_is_no_validation_line_or_best_epoch(folder):
    write(folder.epochs_csv, EPOCH_COLUMNS, [(1, 0.5, 0.8, "", "", 0.001, 1), (2, 0.3, 0.9, "", "", 0.001, 1)])
    assert set(lines(folder, "loss")) == {"training"}


def test_a_window_of_batches_is_placed_at_its_end(folder):
    write(folder.batches_csv, BATCH_COLUMNS, [(1, 5, 2.0, 0.2, 900), (1, 10, 1.0, 0.5, 900), (2, 5, 0.5, 0.8, 900)])
    batches = lines(folder, "loss")["training_batches"]
    assert (batches.x, batches.y) == ((0.5, 1.0, 1.5), (2.0, 1.0, 0.5))
    assert lines(folder, "accuracy")["training_batches"].y == (0.2, 0.5, 0.8)


def test_many_windows_are_averaged_to_limit_the_points(folder):
    write(folder.batches_csv, BATCH_COLUMNS, [(n // 10 + 1, n % 10 + 1, n, 0.5, 900) for n in range(3 * POINTS)])
    batches = lines(folder, "loss")["training_batches"]
    assert len(batches.x) == 3 * POINTS // 4
    assert batches.y[0] == pytest.approx((0 + 1 + 2 + 3) / 4)
    assert batches.x[0] == pytest.approx(0.4)


def test_points_do_not_move_until_the_line_is_averaged_again(folder):
    curves = LearningCurves(folder, UPDATES)
    seen = {}
    rows = []
    for n in range(0, 2 * POINTS + 40, 7):
        rows = [(1, k, k, 0.5, 900) for k in range(1, n + 2)]
        with folder.batches_csv.open("a", encoding="utf-8") as file:
            file.writelines(",".join(map(str, row)) + "\n" for row in rows[-7 if n else -1 :])
        trace = next(t for t in curves.read().loss if t.role == "training_batches")
        before = seen.get(trace.generation, ())
        assert trace.y[: len(before)] == before
        seen[trace.generation] = trace.y
    assert len(seen) == 3


def test_reading_in_steps_gives_the_same_line_as_reading_at_once(folder):
    rows = [(n // 50 + 1, n % 50 + 1, 1 / (n + 1), n % 7 / 7, 900, 0.001) for n in range(5 * POINTS)]
    followed = LearningCurves(folder, 50)
    for end in (0, 1, POINTS, POINTS + 1, POINTS + 2, 2 * POINTS + 3, 4 * POINTS + 1, len(rows)):
        write(folder.batches_csv, BATCH_COLUMNS, rows[:end])
        seen, once = followed.read(), LearningCurves(folder, 50).read()
        assert (seen.loss[0].x, seen.loss[0].y) == (once.loss[0].x, once.loss[0].y) if end else seen.loss == ()
        assert seen.newest == (rows[end - 1] if end else None)
    assert seen.accuracy[0].y[:2] == pytest.approx([sum(row[3] for row in rows[k : k + 8]) / 8 for k in (0, 8)])


def test_without_new_rows_the_curves_are_the_same_object(folder):
    write(folder.epochs_csv, EPOCH_COLUMNS, [(1, 0.5, 0.8, 0.4, 0.85, 0.001, 1)])
    curves = LearningCurves(folder, UPDATES)
    assert curves.read() is curves.read()


def test_a_run_that_is_trained_again_starts_a_new_line(folder):
    curves = LearningCurves(folder, UPDATES)
    write(folder.batches_csv, BATCH_COLUMNS, [(1, n, 1.0, 0.5, 900) for n in range(1, 9)])
    before = curves.read().loss[0]
    shorter = folder.path / "shorter.csv"
    write(shorter, BATCH_COLUMNS, [(1, 1, 2.0, 0.5, 900)])
    shorter.replace(folder.batches_csv)
    after = curves.read().loss[0]
    assert (after.x, after.y) == ((0.1,), (2.0,))
    assert after.generation != before.generation


def test_a_presets_chart_includes_the_tutorials_history(folder):
    reference = printed_history(PRESETS["cnn-16-36"])
    assert lines(folder, "loss", reference=reference)["reference_training"].y[:2] == (0.4736, 0.1326)
    assert lines(folder, "accuracy", reference=reference)["reference_validation"].y[-1] == 0.9918
    assert printed_history(PRESETS["cnn-16-36"].replace(dataset="mnist-5k")) is None
    assert printed_history(PRESETS["cnn-16-36"].replace(dense_units=(64,))) is None
    assert printed_history(PRESETS["lenet-20-50"]) is None


def test_without_batches_the_loss_that_became_nan_is_marked_at_the_last_epoch_with_one(folder):
    write(folder.epochs_csv, EPOCH_COLUMNS, [(1, 0.6, *[""] * 5), (2, 2.5, *[""] * 5), (3, *[""] * 6)])
    mark = exploded(LearningCurves(folder, UPDATES).read(), 3.0)
    assert (mark.x, mark.y) == ((3.0,), (2.5,))
