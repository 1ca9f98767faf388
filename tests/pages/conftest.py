"""The app without a browser, with runs made by tests."""

import time
from functools import cache, partial
from importlib import import_module

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test
from streamlit.util import calc_hash

from core.config.presets import PRESETS
from core.data import datasets
from core.places import ROOT
from core.queue.queue import Queue
from core.sweeps.keeper import Keeper
from pages.shared.fetching import fetching
from pages.state.view import View
from tests.made_runs import lay_out

VIEWS = [
    found
    for path in sorted((ROOT / "pages").rglob("view.py"))
    for found in vars(import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))).values()
    if isinstance(found, type) and issubclass(found, View) and found.address
]
"""The view of each page and of each tab of a run's page."""
TABS = {view.tab: view for view in VIEWS if view.tab}
PAGES = ("train", "runs", "results", "mistakes", "inside", "settings", "draw", "data", "learn")

# AppTest scans all installed packages for components at each visit, unlike a server; that took half of the time
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def no_exception(monkeypatch):
    """No rerun of any page raises an exception."""
    run = AppTest._run

    def run_without_exception(test, *args, **options):
        run(test, *args, **options)
        assert not test.exception, [error.message for error in test.exception]
        return test

    monkeypatch.setattr(AppTest, "_run", run_without_exception)


@pytest.fixture
def runs_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("DIGIT_LAB_WARM_WORKER", "off")
    st.cache_resource.clear()
    yield tmp_path / "runs"
    st.cache_resource.clear()


@pytest.fixture
def make_run(runs_dir):
    """Make a run in the app's folder; arguments as in `lay_out`."""
    return partial(lay_out, runs_dir)


@pytest.fixture
def app(runs_dir, monkeypatch):  # noqa: ARG001 sets the folder of the runs
    """Open a page of the app by a link with these parameters."""
    # started runs stay queued: training takes half a minute of CPU time
    monkeypatch.setattr(Queue, "watch", lambda *_: None)
    monkeypatch.setattr(Keeper, "watch", lambda *_: None)
    # no browser draws
    monkeypatch.setattr("pages.shell.heading_first.SECONDS", 0)
    # otherwise AppTest treats the folder `pages` as an old-style multipage app and runs a page without app.py
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
    monkeypatch.setattr(app_test, "PagesManager", type("WithMenu", (PagesManager,), {}))

    def open_page(page="train", /, **parameters):
        """A page by its name, a tab of a run's page, or with a slash any address."""
        if page in TABS:
            page, parameters = "run", {"tab": page, **parameters}
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        for name, value in parameters.items():
            test.query_params[name] = str(value)
        test._page_hash = calc_hash({"train": ""}.get(page, page.removeprefix("/")))
        return test.run()

    return open_page


@pytest.fixture
def without_mnist(monkeypatch, tmp_path):
    """A machine without MNIST, and a wrong path to it, so that nothing is downloaded."""
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DIGIT_LAB_MNIST", str(tmp_path / "nowhere.npz"))


@pytest.fixture
def mnist_available(monkeypatch):
    """Choose the run to show as on a machine that has MNIST."""
    monkeypatch.setattr("pages.shared.run_header.is_available", lambda _: True)


@pytest.fixture
def settled():
    """Open a page once MNIST is no longer being fetched."""

    def wait(open_page):
        deadline = time.monotonic() + 20
        while fetching("mnist", datasets.status("mnist")):
            assert time.monotonic() < deadline
        return open_page()

    return wait


@pytest.fixture
def two(make_run):
    """Two runs, A and B, of a network with different seeds, with 100 and 60 mistakes."""
    config = PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20", seed=2)
    a = make_run("finished", errors={0: 90, 1: 30, 3: 10}, test_accuracy=0.9)
    b = make_run("finished", errors={1: 25, 3: 6}, seed=1, test_accuracy=0.94, config=config)
    return a, b


def link(*folders):
    return ",".join(folder.id for folder in folders)
