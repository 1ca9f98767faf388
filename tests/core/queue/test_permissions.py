"""On a public server, visitors cannot change each other's runs."""

import dataclasses
import json

import pytest

from core.config.run import RunConfig
from core.data.about import write_about
from core.data.store import AddedDataset
from core.errors import DataUnavailable, DigitLabError, InvalidSetting
from core.queue.permissions import Access, digest_of, is_key, new_key
from core.queue.queue import Queue
from core.runs.beginning import longer, more_seeds
from core.runs.folder import RunFolder
from core.runs.status import Status
from core.runs.terms import Terms
from core.server.limits import Settings
from tests.brought import bring

CONFIG = RunConfig(dataset="mnist-5k", epochs=1)
PUBLIC = Settings(public=True, most_epochs=5, most_runs_each=2, most_runs_in_queue=3, most_minutes=2)
ANN, BOB = new_key(), new_key()


@pytest.fixture
def visit(store):
    queue = Queue(store, launcher=object())
    return lambda key, settings=PUBLIC, **more: Access(store, queue, settings, key=key, **more)


def ended(store, run_id, state="finished"):
    folder = store.find(run_id).folder
    folder.write_status(Status(state=state, epoch=1))
    return store.find(run_id)


CHANGES = {
    "ask": lambda access, run: access.ask(run, "stop"),
    "resume": lambda access, run: access.resume(run),
    "cancel": lambda access, run: access.cancel(run),
    "rename": lambda access, run: access.rename(run, "mine now"),
    "annotate": lambda access, run: access.annotate(run, "hello"),
    "end": lambda access, run: access.end(run),
    "delete": lambda access, run: access.delete(run),
    "move": lambda access, run: access.move(run, -1),
    "send_here": lambda access, run: access.send_here(run),
    "pin": lambda access, run: access.pin(run, pinned=True),
    "tag": lambda access, run: access.tag(run, ["mine"]),
    "set_aside": lambda access, run: access.set_aside([run]),
    "clean": lambda access, run: access.clean(run, "states"),
}


def test_the_table_of_changes_is_complete():
    changes = {name for name, member in vars(Access).items() if callable(member) and not name.startswith("_")}
    others = {"start", "begin", "cross_validate", "sign", "may_change", "may_order", "may_pin", "may_use"}
    others |= {"set_aside_runs", "restore", "new_terms", "owns_folder"}
    assert changes - others == CHANGES.keys()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", ["queued", "training", "stopped", "finished"])
@pytest.mark.parametrize("key", [BOB, "", "0" * 31, ANN.upper() + "0"], ids=["other", "none", "short", "long"])
def test_a_visitor_cannot_change_another_visitors_run(store, visit, change, state, key):
    run = ended(store, visit(ANN).start(CONFIG), state)
    before = {path: path.read_bytes() for path in run.folder.path.rglob("*") if path.is_file()}
    with pytest.raises(DigitLabError):
        CHANGES[change](visit(key), run)
    assert {path: path.read_bytes() for path in run.folder.path.rglob("*") if path.is_file()} == before
    assert not visit(key).may_change(run)


def test_a_visitor_renames_cancels_resumes_and_deletes_their_own_run(store, visit):
    access = visit(ANN)
    run = store.find(access.start(CONFIG))
    assert access.may_change(run)
    access.rename(run, "first")
    access.annotate(run, "a note")
    access.cancel(run)
    access.resume(store.find(run.id))
    assert (store.find(run.id).name, store.find(run.id).status.state) == ("first", "queued")
    access.delete(ended(store, run.id))
    with pytest.raises(DigitLabError):
        store.find(run.id)


def test_a_visitor_restores_only_their_own_deleted_runs(store, visit):
    run = ended(store, visit(ANN).start(CONFIG))
    visit(ANN).set_aside([run])
    assert visit(BOB).set_aside_runs() == []
    (aside,) = visit(ANN).set_aside_runs()
    with pytest.raises(DigitLabError, match="somebody else"):
        visit(BOB).restore(aside.batch)
    assert store.runs() == []
    visit(ANN).restore(aside.batch)
    assert [each.id for each in store.runs()] == [run.id]


def test_only_the_owner_pins(store, visit):
    run = store.find(visit(ANN).start(CONFIG))
    assert not visit(ANN).may_pin()
    with pytest.raises(DigitLabError):
        visit(ANN).pin(run, pinned=True)
    owner = visit("", Settings(), owner=True)
    assert owner.may_pin()
    owner.pin(run, pinned=True)
    assert store.find(run.id).label.pinned


def test_only_the_owner_may_change_a_run_from_before_the_server_was_public(store, visit):
    run = ended(store, visit(ANN, Settings(), owner=True).start(CONFIG))
    assert run.folder.terms() == Terms()
    assert not visit(ANN).may_change(run)
    assert visit("", Settings(), owner=True).may_change(run)


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"visitor": 3}', '{"visitor": "", "seconds": 0, "timed_out": false}']
)
def test_no_visitor_may_change_a_run_with_damaged_terms(store, visit, damage):
    run = store.find(visit(ANN).start(CONFIG))
    (run.folder.path / "terms.json").write_text(damage, encoding="utf-8")
    assert not visit(ANN).may_change(run)
    assert not visit("").may_change(run)


def test_stored_files_do_not_reveal_a_visitors_key(store, visit):
    run = store.find(visit(ANN).start(CONFIG))
    for path in run.folder.path.rglob("*"):
        assert ANN not in path.name
        assert path.is_dir() or ANN.encode() not in path.read_bytes()
    assert run.folder.terms() == Terms(digest_of(ANN), 120.0)
    assert not visit(digest_of(ANN)).may_change(run)
    assert not is_key(digest_of(ANN))
    assert len({new_key() for _ in range(100)}) == 100


def test_the_runs_of_a_visitor_and_of_the_queue_are_limited(visit):
    ann, bob = visit(ANN), visit(BOB)
    ann.start(CONFIG)
    ann.start(CONFIG)
    with pytest.raises(DigitLabError, match="You already have 2"):
        ann.start(CONFIG)
    bob.start(CONFIG)
    with pytest.raises(DigitLabError, match="3 runs are already training or waiting"):
        bob.start(CONFIG)


def test_several_runs_are_queued_all_or_none(store, visit, monkeypatch):
    ann = visit(ANN, dataclasses.replace(PUBLIC, most_runs_each=4, most_runs_in_queue=5))
    run = store.find(ann.start(CONFIG))
    begun = ann.begin(more_seeds(run, store.runs()))
    assert [store.find(each).manifest.config.seed for each in begun] == [2, 3, 4]
    assert [waiting.id for waiting in ann._queue.look().waiting] == [run.id, *begun]
    ended(store, begun[-1])
    with pytest.raises(DigitLabError, match=r"3 runs need 3 places .* you have 1 left; nothing was started"):
        ann.begin(more_seeds(run, store.runs()))
    assert len(store.runs()) == 4
    # a folder that cannot be written takes the ones before it along
    bob, create = visit(BOB, Settings()), RunFolder.create
    fails = iter((False, False, True))
    monkeypatch.setattr(
        RunFolder,
        "create",
        lambda *args, **more: (_ for _ in ()).throw(OSError()) if next(fails) else create(*args, **more),
    )
    with pytest.raises(DigitLabError):
        bob.begin(more_seeds(run, store.runs()))
    assert len(store.runs()) == 4


def test_a_visitor_may_fork_any_visible_run_within_their_own_limits(store, visit):
    run = ended(store, visit(ANN).start(CONFIG))
    run.folder.weights(0).parent.mkdir()
    run.folder.weights(1).write_bytes(b"weights")
    made = store.find(visit(BOB).begin([longer(run, 2)])[0])
    assert (made.manifest.origin.run, made.manifest.config.epochs) == (run.id, 3)
    assert visit(BOB).may_change(made)
    assert not visit(BOB).may_change(run)
    with pytest.raises(InvalidSetting, match="5 allowed"):
        visit(BOB).begin([longer(run, 5)])


def test_resuming_respects_the_limits(store, visit):
    ann = visit(ANN)
    first = ended(store, ann.start(CONFIG), "stopped")
    ann.start(CONFIG)
    ann.start(CONFIG)
    with pytest.raises(DigitLabError, match="You already have 2"):
        ann.resume(first)
    generous = dataclasses.replace(PUBLIC, most_epochs=9)
    large = ended(store, visit(BOB, generous).start(CONFIG.replace(epochs=9)), "stopped")
    with pytest.raises(InvalidSetting):
        visit(BOB).resume(large)


def test_a_run_larger_than_allowed_leaves_no_folder(store, visit):
    with pytest.raises(InvalidSetting, match="5 allowed"):
        visit(ANN).start(CONFIG.replace(epochs=6))
    assert store.runs() == []


def test_nobody_may_change_a_shipped_run(tmp_path, visit, store):
    RunFolder.create(tmp_path / "shipped", CONFIG, Status(state="finished"))
    assert not any(visit(ANN, owner=owner).may_change(store.runs()[0]) for owner in (False, True))


def test_an_opened_run_can_only_be_deleted_and_only_by_who_opened_it(store, visit):
    run = ended(store, visit(ANN).start(CONFIG), "stopped")
    (run.folder.path / "opened.json").write_text('{"opened": 1}')
    (run.folder.path / "run.json").touch()
    opened = store.find(run.id)
    visit(BOB).sign(opened.folder)
    assert opened.opened
    with pytest.raises(DigitLabError, match="somebody else"):
        visit(ANN).delete(opened)
    visit(ANN).sign(opened.folder)
    for change in ("resume", "rename", "annotate"):
        with pytest.raises(DigitLabError, match="opened from a file"):
            CHANGES[change](visit(ANN), opened)
    visit(ANN).delete(opened)
    assert store.runs() == []


def test_visitors_without_a_cookie_share_the_limit_of_their_address(visit):
    limits = dataclasses.replace(PUBLIC, most_runs_in_queue=0, most_runs_per_address=2)
    for _ in range(2):
        visit(new_key(), limits, address="198.51.100.7").start(CONFIG)
    with pytest.raises(DigitLabError, match="2 runs started without a cookie"):
        visit(new_key(), limits, address="198.51.100.7").start(CONFIG)
    visit(new_key(), limits, address="198.51.100.8").start(CONFIG)
    visit(ANN, limits).start(CONFIG)
    # visitors without an address share one limit
    for _ in range(2):
        visit(new_key(), limits, address="").start(CONFIG)
    with pytest.raises(DigitLabError, match="without a cookie"):
        visit(new_key(), limits, address="").start(CONFIG)


def test_stored_files_do_not_reveal_a_network_address(store, visit):
    run = store.find(visit(ANN, address="198.51.100.7").start(CONFIG))
    assert run.folder.terms().address
    assert not any(b"198.51" in path.read_bytes() for path in run.folder.path.rglob("*") if path.is_file())


def test_the_owners_limit_does_not_count_visitors_runs(store, visit):
    limits = Settings(most_runs_each=1)
    visit(ANN, limits).start(CONFIG)
    run = store.find(visit("", limits, owner=True).start(CONFIG))
    assert not visit(ANN, limits).may_change(run)
    with pytest.raises(DigitLabError, match="You already have one run"):
        visit("", limits, owner=True).start(CONFIG)


def test_terms_of_earlier_versions_are_read(store, visit):
    run = store.find(visit(ANN).start(CONFIG))
    earlier = {"visitor": digest_of(ANN), "seconds": 120.0, "timed_out": False}
    (run.folder.path / "terms.json").write_text(json.dumps(earlier), encoding="utf-8")
    assert run.folder.terms() == Terms(digest_of(ANN), 120.0)
    assert visit(ANN).may_change(run)


def test_a_run_whose_data_set_is_missing_is_not_queued(visit, store, monkeypatch, tmp_path):
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DIGIT_LAB_MNIST", str(tmp_path / "nowhere.npz"))
    access = visit(ANN)
    with pytest.raises(DataUnavailable, match=r"nowhere\.npz"):
        access.start(dataclasses.replace(CONFIG, dataset="mnist"))
    assert not store.runs()


def test_a_visitors_data_are_private_until_they_are_shared(visit, tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    ann, bob, owner = visit(ANN), visit(BOB), visit("", Settings(), owner=True)
    for name, brought_by in (("anns", digest_of(ANN)), ("everybodys", "")):
        bring(tmp_path / "data", name)
        about = AddedDataset.named(name).about()
        write_about(AddedDataset.named(name).folder, dataclasses.replace(about, owner=brought_by))
    assert [access.may_use("everybodys") for access in (ann, bob, visit(""), owner)] == [True] * 4
    assert [access.may_use("anns") for access in (ann, bob, visit(""), owner)] == [True, False, False, True]
    assert not ann.may_use("gone")
    config = RunConfig(dataset="anns", epochs=1)
    assert ann.start(config)
    with pytest.raises(DataUnavailable, match="There is no data set anns"):
        bob.start(config)
    AddedDataset.named("anns").describe(shared=True)
    assert bob.may_use("anns")
