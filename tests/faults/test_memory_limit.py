"""A worker that reaches a real memory limit: its run fails with a sentence, and server and page go on."""

from pathlib import Path

import pytest

from core.config.presets import PRESETS
from core.queue.launcher import Launcher
from core.server.limits import Settings
from core.text import Message, say
from pages.state.plain_text import plain_text
from tests.core.training.conftest import wait_until
from tests.faults.evidence import look, rows, same_end
from tests.faults.server import QUICK

resource = pytest.importorskip("resource", reason="only Unix measures memory this way")

MEGABYTE = 2**20
LARGE = PRESETS["mlp-512"].replace(dataset="mnist-5k", hidden_units="2048,2048", epochs=3, optimizer="adam")


def test_reaching_the_address_space_limit_is_reported(make_server, open_app, runs_dir, times):
    """As with `ulimit -v`: the real worker reaches it while it imports TensorFlow or while it trains."""
    server = make_server(launcher=Launcher(Settings(warm_worker=False)))
    for megabytes in times((700, 1800), range(500, 2200, 20)):
        folder = server.submit(LARGE)
        server.queue.tick()
        resource.prlimit(server.worker.pid, resource.RLIMIT_AS, 2 * (megabytes * MEGABYTE,))
        server.worker.wait(120)
        assert server.status(folder).state == "failed", (megabytes, folder.log_tail())
        assert folder.status().message in {Message("training.out_of_memory"), Message("faults.memory_limit")}, megabytes
        test = open_app(runs_dir, run=folder.id)
        assert not test.exception
        assert [error.value for error in test.error] == [plain_text(folder.status().message)]
        assert "watch.resume_run" in {button.key for button in test.button}


@pytest.fixture
def limited():
    """Puts a process into a control group of 200 MB."""
    groups = dict(line.split(":", 2)[1:] for line in Path("/proc/self/cgroup").read_text("ascii").splitlines())
    root = Path("/sys/fs/cgroup")
    parent = root / "memory" / groups["memory"].strip("/") if "memory" in groups else root / groups[""].strip("/")
    group = parent / "digit-lab-test"
    try:
        group.mkdir()
        limit = group / ("memory.limit_in_bytes" if "memory" in groups else "memory.max")
        limit.write_text(str(200 * MEGABYTE), encoding="ascii")
    except OSError:
        pytest.skip("Limiting the memory of a control group needs the rights of root over one.")

    def take(process):
        (group / "cgroup.procs").write_text(str(process.pid), encoding="ascii")

    yield take
    wait_until(lambda: not (group / "cgroup.procs").read_text("ascii"))
    group.rmdir()


def test_an_out_of_memory_kill_is_reported_and_the_run_can_be_resumed(
    limited, make_server, open_app, runs_dir, monkeypatch
):
    """As in a container with a limit: SIGKILL, which leaves nothing in the log."""
    server = make_server()
    reference = server.train(QUICK)
    monkeypatch.setenv("BATCH_BYTES", str(4 * MEGABYTE))
    monkeypatch.setenv("BATCH_SECONDS", "0.01")
    folder = server.begun(QUICK)
    limited(server.worker)
    assert server.worker.wait(60) == -9
    assert server.status(folder).message == Message("faults.memory")
    look(folder, server, rows(reference))
    test = open_app(runs_dir, run=folder.id)
    assert [error.value for error in test.error] == [plain_text(say("faults.memory"))]
    monkeypatch.setenv("BATCH_BYTES", "0")
    server.resume(folder)
    same_end(folder, reference)
