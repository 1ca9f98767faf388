"""A folder and its mirror, whatever a worker does meanwhile, in pieces of any size, after either end was restarted."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cluster.mirror import SERVERS_OWN, Mirror, OutOfStep, is_remote
from core.cluster.pieces import Changes, Piece, Source, file_names
from core.config.run import RunConfig
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.owner import Owner
from core.runs.states import resume_point
from core.runs.status import Status
from tests.faults.evidence import drafts


@pytest.fixture
def folders(tmp_path):
    """A run's folder on the server, and an empty one of a node that has begun with its files."""
    config = RunConfig(dataset="mnist-5k")
    mirrored = RunFolder.create(tmp_path / "server", config, Status(state="starting"))
    node = RunFolder(tmp_path / "node" / mirrored.id)
    for name, content in Mirror(mirrored).to_begin_with().items():
        (node.path / name).parent.mkdir(parents=True, exist_ok=True)
        (node.path / name).write_bytes(content)
    return node, mirrored


class Work:
    """What a worker does to its folder, epoch by epoch."""

    def __init__(self, folder):
        self.folder, self.epoch = folder, 0
        (folder.path / "checkpoints").mkdir(exist_ok=True)
        folder.epochs_csv.write_text(",".join(EPOCH_COLUMNS) + "\n", encoding="utf-8")

    def batch(self):
        with self.folder.batches_csv.open("a", encoding="utf-8") as file:
            file.write(f"{self.epoch},1,0.5\n")
        self.folder.change_status(batch=1, heartbeat=float(self.epoch))

    def finish_epoch(self):
        self.epoch += 1
        for path in (self.folder.weights(self.epoch), self.folder.state(self.epoch)):
            draft = path.with_name(f".{path.name}")
            draft.write_bytes(bytes([self.epoch % 256]) * (300 + self.epoch))
            draft.replace(path)
        self.folder.state(self.epoch - 1).unlink(missing_ok=True)
        with self.folder.epochs_csv.open("a", encoding="utf-8") as file:
            file.write(f"{self.epoch},0.5,0.9,,,0.001,1\n")
        self.folder.change_status(epoch=self.epoch)

    def cut(self):
        """As a resumed run does."""
        text = self.folder.epochs_csv.read_text(encoding="utf-8").splitlines(keepends=True)
        self.epoch = max(0, min(self.epoch, len(text) - 2))
        draft = self.folder.path / ".draft"
        draft.write_text("".join(text[: self.epoch + 1]), encoding="utf-8")
        draft.replace(self.folder.epochs_csv)


def contents(folder):
    names = file_names(folder.path) - SERVERS_OWN - {"status.json"}
    return {name: (folder.path / name).read_bytes() for name in names}


def epochs_told(folder):
    return len(folder.epochs_csv.read_text(encoding="utf-8").splitlines()) - 1 if folder.epochs_csv.exists() else 0


def in_step(source, mirror, most=10_000):
    while True:
        changes = source.changes(most)
        mirror.take(changes, "a")
        if changes.whole:
            return


STEPS = st.lists(
    st.sampled_from(["batch", "finish_epoch", "cut", "sync", "lost answer", "new server", "new session"]), max_size=30
)


@given(steps=STEPS, most=st.integers(1, 2_000))
def test_a_mirror_equals_the_folder_and_never_announces_an_epoch_that_it_does_not_have(tmp_path_factory, steps, most):
    path = tmp_path_factory.mktemp("mirrored")
    server = RunFolder.create(path / "server", RunConfig(dataset="mnist-5k"), Status(state="starting"))
    node = RunFolder.create(path / "node", RunConfig(dataset="mnist-5k"), Status(state="starting"))
    work, source, mirror = Work(node), Source(node.path), Mirror(server)
    for step in steps:
        match step:
            case "sync":
                mirror.take(source.changes(most), "a")
            case "lost answer":
                source.changes(most)
                source.acquaint(mirror.prints())
            case "new server":
                mirror = Mirror(server)
                source.acquaint(mirror.prints())
            case "new session":
                source = Source(node.path)
                source.acquaint(mirror.prints())
            case _:
                getattr(work, step)()
        if "cut" not in steps:
            for epoch in range(1, epochs_told(server) + 1):
                assert server.weights(epoch).read_bytes() == node.weights(epoch).read_bytes()
            assert not epochs_told(server) or resume_point(server) is not None
    in_step(source, mirror, most)
    assert {name: content for name, content in contents(server).items() if "state-" not in name} == {
        name: content for name, content in contents(node).items() if "state-" not in name
    }
    assert (resume_point(server) is None) == (resume_point(node) is None)
    if resume_point(node):
        assert resume_point(server).name == resume_point(node).name
    assert server.status().epoch == node.status().epoch


def test_only_what_is_new_is_sent(folders):
    node, mirrored = folders
    work, source, mirror = Work(node), Source(node.path), Mirror(mirrored)
    work.finish_epoch()
    in_step(source, mirror)
    assert source.changes() == Changes()
    work.batch()
    assert [piece.name for piece in source.changes().pieces] == ["batches.csv", "status.json"]


def test_a_long_file_does_not_hold_up_the_curve(folders):
    node, mirrored = folders
    work, source, mirror = Work(node), Source(node.path), Mirror(mirrored)
    (node.path / "model.keras").write_bytes(b"x" * 5_000)
    work.batch()
    first = source.changes(1_000)
    assert first.pieces[0].name == "batches.csv"
    assert sum(len(piece.content) for piece in first.pieces) < 2_000
    mirror.take(first, "a")
    assert not (mirrored.path / "model.keras").exists()
    in_step(source, mirror, 1_000)
    assert (mirrored.path / "model.keras").read_bytes() == b"x" * 5_000


@pytest.mark.parametrize("again", [False, True], ids=["same-node", "attached-again"])
def test_no_part_remains_of_a_file_that_is_deleted_while_it_is_sent(folders, again):
    node, mirrored = folders
    source, mirror = Source(node.path), Mirror(mirrored)
    (node.path / "model.keras").write_bytes(b"x" * 5_000)
    mirror.take(source.changes(1_000), "a")
    assert drafts(mirrored)
    (node.path / "model.keras").unlink()
    if again:
        source.acquaint(mirror.prints())
    in_step(source, mirror)
    assert drafts(mirrored) == []


def test_a_run_on_a_node_belongs_to_a_process_that_only_its_heartbeat_tells_of(folders):
    node, mirrored = folders
    node.write_status(Status(state="training", owner=Owner.this().beating(), heartbeat=time.time(), epoch=1))
    in_step(Source(node.path), Mirror(mirrored))
    status = mirrored.status()
    assert (status.state, status.epoch, status.owner.pid) == ("training", 1, Owner.this().pid)
    assert is_remote(status.owner)
    assert not status.hangs()
    # it is not a process of this machine, so nothing ends it
    status.owner.end()
    assert status.as_seen(time.time() + 70).state == "interrupted"


@pytest.mark.parametrize("name", ["../x", "/x", "a/b/c", ".x", "label.json", "terms.json", "here", "a/../../x", ""])
def test_a_file_that_no_worker_writes_is_refused(folders, name):
    _, mirrored = folders
    with pytest.raises(OutOfStep):
        Mirror(mirrored).take(Changes((Piece(name, 0, b"x", True),)), "a")
    assert not list(mirrored.path.parent.parent.glob("x"))


def test_a_piece_that_does_not_fit_is_refused(folders):
    _, mirrored = folders
    for piece in (Piece("batches.csv", 5, b"x", True), Piece("model.keras", 5, b"x", True)):
        with pytest.raises(OutOfStep):
            Mirror(mirrored).take(Changes((piece,)), "a")


def test_a_node_gets_what_a_resumed_run_needs_and_nothing_of_its_visitor(folders):
    node, mirrored = folders
    work = Work(node)
    for _ in range(3):
        work.finish_epoch()
    in_step(Source(node.path), Mirror(mirrored))
    mirrored.state(1).write_bytes(b"an earlier state")
    (mirrored.path / "predictions").mkdir()
    mirrored.predictions(1).write_bytes(b"answers")
    mirrored.control.ask("pause")
    for name in SERVERS_OWN:
        (mirrored.path / name).write_text(json.dumps({}), encoding="utf-8")
    assert set(Mirror(mirrored).to_begin_with()) == {
        "run.json",
        "status.json",
        "epochs.csv",
        *(f"checkpoints/epoch-000{epoch}.weights.h5" for epoch in (1, 2, 3)),
        "checkpoints/state-0003.weights.h5",
    }
