"""Maps of digits: PCA against scikit-learn, t-SNE in its own process, and when a stored map is used."""

import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest
from sklearn.decomposition import PCA

from core.data import datasets
from core.explain.projection import DIGITS, features, main, pca, projection_path, read_points, tsne, write_points
from core.explain.projection_jobs import MapJobs
from core.inference import load
from core.places import ROOT
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR

SHIPPED = RunFolder(SHIPPED_DIR / "cnn-16-36-5k")


@pytest.fixture(scope="module")
def digits():
    return datasets.load("mnist-5k")


@pytest.fixture
def folder(tmp_path):
    copy = RunFolder(tmp_path / "run")
    shutil.copytree(SHIPPED.path, copy.path)
    return copy


def points_of(dataset):
    count = min(DIGITS, len(dataset.test_labels))
    return np.random.default_rng(1).normal(size=(count, 2)).astype(np.float32)


def settled(jobs, *asked):
    """The final result of the work, and all progress seen on the way."""
    deadline, seen = time.monotonic() + 120, []
    while (progress := jobs.progress(*asked)).state in ("waiting", "working"):
        seen.append(progress)
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return progress.state, seen


def test_features_come_from_the_last_hidden_layer(digits):
    images = digits.test_images[:60]
    found = features(SHIPPED, 3, images)
    network = load(SHIPPED, 3)
    expected = np.stack([network.activations(image.astype(np.float32) / 255)["dense_1"] for image in images])
    np.testing.assert_allclose(found.values, expected, atol=1e-5)
    assert (found.predicted == network.probabilities(images.astype(np.float32) / 255).argmax(axis=1)).all()


def test_pca_matches_scikit_learn_up_to_sign(digits):
    values = features(SHIPPED, 5, digits.test_images[:400]).values
    points, shares = pca(values)
    oracle = PCA(2, svd_solver="full").fit(values)
    expected = oracle.transform(values)
    for axis in (0, 1):
        sign = np.sign((points[:, axis] * expected[:, axis]).sum())
        np.testing.assert_allclose(sign * points[:, axis], expected[:, axis], atol=2e-3 * np.abs(expected).max())
    np.testing.assert_allclose(shares, oracle.explained_variance_ratio_, rtol=1e-3)


def test_pca_of_constant_values_is_one_point():
    points, shares = pca(np.ones((5, 4), np.float32))
    assert points.shape == (5, 2)
    assert np.allclose(points, 0, atol=1e-5)
    assert np.allclose(shares, 0, atol=1e-5)


def test_tsne_separates_clusters_and_reports_progress():
    random = np.random.default_rng(0)
    values = np.concatenate([random.normal(10 * group, 1, (40, 6)) for group in (0, 1)]).astype(np.float32)
    told = []
    points = tsne(values, told.append)
    middles = points[:40].mean(axis=0), points[40:].mean(axis=0)
    nearer = np.linalg.norm(points[:40] - middles[0], axis=1) < np.linalg.norm(points[:40] - middles[1], axis=1)
    assert nearer.all()
    assert told == sorted(told)
    assert told[0] < 0.2
    assert 0.25 < told[-1] <= 1


def test_a_map_is_stored_with_the_run_until_its_weights_change(folder, digits):
    points = points_of(digits)
    write_points(folder, 1, digits, points)
    assert projection_path(folder, 1) == folder.path / "projections" / "epoch-0001.npz"
    np.testing.assert_array_equal(read_points(folder, 1, digits), points)
    assert read_points(folder, 2, digits) is None
    shutil.copy(folder.weights(2), folder.weights(1))
    assert read_points(folder, 1, digits) is None


def test_the_map_of_a_shipped_run_is_stored_in_the_cache(monkeypatch, tmp_path, digits):
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path))
    write_points(SHIPPED, 1, digits, points_of(digits))
    assert projection_path(SHIPPED, 1) == tmp_path / "projections" / SHIPPED.id / "epoch-0001.npz"
    assert read_points(SHIPPED, 1, digits) is not None
    assert not (SHIPPED.path / "projections").exists()


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half a file"])
def test_a_damaged_or_short_map_is_ignored(folder, digits, damage):
    write_points(folder, 1, digits, points_of(digits))
    projection_path(folder, 1).write_bytes(damage)
    assert read_points(folder, 1, digits) is None
    write_points(folder, 1, digits, points_of(digits)[:10])
    assert read_points(folder, 1, digits) is None


def test_the_command_makes_a_map(folder, digits):
    few = 200
    command = f"from core.explain import projection; projection.DIGITS = {few}; raise SystemExit(projection.main())"
    done = subprocess.run(
        [sys.executable, "-c", command, str(folder.path), "5", "mnist-5k"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    shares = [float(line) for line in done.stdout.split()]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    with np.load(projection_path(folder, 5)) as file:
        points, labels = file["tsne"], digits.test_labels[:few]
    away = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(away, np.inf)
    assert (labels[away.argmin(axis=1)] == labels).mean() > 0.7  # 0.1 by chance


def test_the_command_reports_what_is_missing(folder, capsys):
    assert main([str(folder.path), "4", "mnist-5k"]) == 2
    assert "4" in capsys.readouterr().err
    assert main([str(folder.path), "1", "no-such-digits"]) == 2


def worker(code):
    return lambda key: [sys.executable, "-c", code, *map(str, key)]


def test_progress_is_reported_until_the_map_is_made(folder, tmp_path):
    gate = tmp_path / "gate"
    waits = f"import time, os\nprint(0.4, flush=True)\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.01)"
    jobs, asked = MapJobs(command=worker(waits)), (folder, 1, "mnist-5k")
    deadline = time.monotonic() + 20
    while jobs.progress(*asked).share != 0.4:
        assert time.monotonic() < deadline
    assert jobs.progress(folder, 2, "mnist-5k").state == "waiting"
    gate.touch()
    assert settled(jobs, *asked)[0] == "made"
    assert settled(jobs, folder, 2, "mnist-5k")[0] == "made"


def test_failed_work_is_repeated_only_on_request(folder, tmp_path):
    count = tmp_path / "count"
    fails = f"open({str(count)!r}, 'a').write('x'); raise SystemExit(3)"
    jobs, asked = MapJobs(command=worker(fails)), (folder, 1, "mnist-5k")
    assert settled(jobs, *asked)[0] == "failed"
    assert jobs.progress(*asked).state == "failed"
    assert count.read_text() == "x"
    jobs.retry(*asked)
    assert settled(jobs, *asked)[0] == "failed"
    assert count.read_text() == "xx"


def test_work_is_killed_after_the_timeout(folder, tmp_path):
    pid = tmp_path / "pid"
    sleeps = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    jobs, asked = MapJobs(command=worker(sleeps), timeout=2.0), (folder, 1, "mnist-5k")
    jobs.progress(*asked)
    deadline = time.monotonic() + 30
    while not pid.exists() or not pid.read_text():
        assert time.monotonic() < deadline
    assert settled(jobs, *asked)[0] == "failed"
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
