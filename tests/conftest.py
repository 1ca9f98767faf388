"""How much is tried: what CI has time for, or with --slow far more; what is tried twice; and where digits are kept."""

import gc
import os
import sys
import tempfile

import pytest
from hypothesis import settings

from core.text import speak

# the processes of pytest-xdist share the cores, where threads of linear algebra that wait for each other take ten times
# as long; read when NumPy is first imported
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# what the tests start imports the product hundreds of times, which need not be compiled each time
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# commands speak the terminal's language, which tests do not read
os.environ["LC_ALL"] = "C.UTF-8"

# no deadline, since a slow test on a busy machine is not a fault; a usual run tries the same examples each time
settings.register_profile("usual", deadline=None, derandomize=True, database=None, max_examples=50)
settings.register_profile("slow", deadline=None, max_examples=1000)


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="try more often, and run the tests marked slow")


def pytest_configure(config):
    settings.load_profile("slow" if config.getoption("--slow") else "usual")
    # the digits are prepared once for all processes of the tests, and not in the user's cache; nor are the user's own
    # data sets seen
    for variable in ("DIGIT_LAB_CACHE", "DIGIT_LAB_DATA"):
        if variable not in os.environ:
            folder = tempfile.TemporaryDirectory(prefix="digit-lab-tests-", ignore_cleanup_errors=True)
            config.add_cleanup(folder.cleanup)
            # the processes of pytest-xdist take it over
            os.environ[variable] = folder.name


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    # what is imported stays: to look for garbage in it took a fifth of the time that collecting takes, and then a part
    # of every test's
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


class Folder(pytest.Dir):
    """A folder in which each process of pytest-xdist begins with other files.

    The first that comes to a file compiles it for the others. In a fresh clone, all of them take 10 s.
    """

    def collect(self):
        found = list(super().collect())
        number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
        start = number * len(found) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        return found[start:] + found[:start]


def pytest_collect_directory(path, parent):
    return Folder.from_parent(parent, path=path) if "PYTEST_XDIST_WORKER" in os.environ else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    # in each process the same order, before pytest moves tests with the same fixture together; and the longest first,
    # so that none waits at the end for one of them
    items.sort(key=lambda item: (item.path.name not in ("test_walks.py", "test_accessibility.py"), item.path))
    for item in items:
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="It takes long or measures: run pytest --slow."))
        if item.get_closest_marker("mnist") and not os.environ.get("DIGIT_LAB_MNIST"):
            item.add_marker(pytest.mark.skip(reason="DIGIT_LAB_MNIST is not set."))
        # a busy machine can come between a click and its page, which the summary tells; killed processes and full disks
        # get no second try: what they harm once in fifty times is harmed
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def times(request):
    """The first number as a rule, the second with --slow."""
    return lambda usual, slow: slow if request.config.getoption("--slow") else usual


@pytest.fixture(autouse=True)
def english():
    """Every test leaves the language as it was: a command speaks the one it was told until its process ends."""
    yield
    speak(None)


@pytest.fixture(autouse=True)
def main_module(monkeypatch):
    """Every test leaves the main module as it was: a page that is run stays in its place, and no process is spawned."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
