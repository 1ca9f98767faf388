"""What the page says of a cluster: its nodes, what runs where, what waits, and what is wrong."""

import time

import pytest

from core.cluster.overview import ClusterOverview, NodeShown, Place, overview_file, write_overview
from core.runs.owner import Owner
from core.text import Message, say
from tests.pages.shown import texts


@pytest.fixture
def show(app, runs_dir, monkeypatch):
    """Opens Train as it shows a cluster with these facts."""
    monkeypatch.setenv("DIGIT_LAB_RAY", "auto")

    def open_with(**facts):
        overview_file(runs_dir).parent.mkdir(parents=True, exist_ok=True)
        write_overview(runs_dir, ClusterOverview(Owner.this(), **facts))
        return app("train")

    return open_with


NODES = (NodeShown("laptop-a", 4, 0, 8, 2), NodeShown("laptop-b", 8, 0, 16, 0, Message("cluster.no_product")))


def test_nodes_and_what_runs_where_are_shown(show, make_run):
    run = make_run("training")
    test = show(nodes=NODES, places={run.id: Place("laptop-a")})
    assert "laptop\\-a (1 of 2) · laptop\\-b (0 of 0)" in texts(test)
    assert "A node has no Digit Lab" in texts(test)
    assert [link.proto.label for link in test.get("page_link") if "laptop" in link.proto.label] == [
        "mlp\\-512 on laptop\\-a"
    ]


def test_a_run_without_a_node_and_a_queue_without_one_say_how_long(show, make_run):
    run, now = make_run("starting", epochs=[]), time.time()
    test = show(nodes=NODES[:1], places={run.id: Place("", now - 65)}, full_since=now - 125)
    assert any("waited for a node for 1:0" in link.proto.label for link in test.get("page_link"))
    assert "The first run has waited for 2:0" in texts(test)


def test_a_problem_is_shown_and_a_waiting_run_can_be_sent_here(show, make_run):
    run = make_run("queued", epochs=[])
    test = show(problem=Message("cluster.unreachable", address="10.0.0.1:6379", reason="Connection refused"))
    assert [each.value.replace("\\", "") for each in test.warning] == [
        "The cluster cannot be reached at 10.0.0.1:6379: Connection refused."
    ]
    assert say("cluster.no_nodes") in texts(test)
    test.button(key=f"queue.here.{run.id}").click().run()
    assert run.here.exists()
    assert f"queue.here.{run.id}" not in {button.key for button in test.button}


def test_strangers_see_no_nodes_and_keep_the_servers_machine_free(show, make_run, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_PUBLIC", "on")
    run = make_run("queued", epochs=[])
    test = show(nodes=NODES, full_since=time.time() - 65)
    assert "laptop" not in texts(test)
    assert "No node is free" in texts(test)
    assert f"queue.here.{run.id}" not in {button.key for button in test.button}


def test_without_a_cluster_none_is_mentioned(app, make_run):
    run = make_run("queued", epochs=[])
    test = app("train")
    assert say("cluster.no_nodes") not in texts(test)
    assert f"queue.here.{run.id}" not in {button.key for button in test.button}


def test_a_damaged_overview_counts_as_none(show, runs_dir, app):
    show()
    for text in ("", "[]", "{}", '{"owner": 3}', '{"owner": null, "nodes": [[]]}'):
        overview_file(runs_dir).write_text(text, encoding="utf-8")
        assert say("cluster.no_nodes") not in texts(app("train"))
