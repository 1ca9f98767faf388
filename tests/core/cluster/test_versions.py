"""What is compared between a node and the server."""

from core.cluster.versions import difference, versions


def test_everything_that_a_curve_depends_on_is_known_here():
    assert set(versions()) == {"Python", "TensorFlow", "Keras", "Digit Lab"}
    assert all(versions().values())


def test_a_node_of_the_same_versions_has_no_problem():
    assert difference("a", versions(), versions()) is None


def test_another_or_a_missing_version_is_named_with_ours():
    ours = {"Python": "3.12.1", "Keras": "3.15.0", "Digit Lab": "a1"}
    assert str(difference("a", {**ours, "Keras": "3.14.0"}, ours)).startswith(
        "a has Keras 3.14.0 and this server 3.15.0"
    )
    assert str(difference("a", {**ours, "Keras": ""}, ours)).startswith("a has Keras – and this server 3.15.0")
    assert "another version of Digit Lab" in str(difference("a", {**ours, "Digit Lab": "b2"}, ours))
    assert difference("a", {}, ours) is not None
