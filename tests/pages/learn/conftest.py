"""What a lesson sends to the browser, and where its player rests."""

import json

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id

from core.data import datasets
from core.inference.classifier import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.weight_arrays import weights_by_layer
from tests.pages.actions import send


@pytest.fixture
def lesson(app):
    """Opens a lesson with these parameters."""
    datasets.load("mnist-5k")
    return lambda name, **parameters: app("learn", lesson=name, **parameters)


@pytest.fixture(scope="session")
def network():
    """The lessons' network and its weights by layer."""
    folder = RunFolder(SHIPPED_DIR / "cnn-16-36-5k")
    classifier = load(folder)
    return classifier, weights_by_layer(folder.weights(classifier.epoch), classifier.table)


def played(test):
    """What the lesson's player was sent."""
    return json.loads(_player(test).proto.json)


def rest(test, step):
    """Send the step at which the browser's player comes to rest."""
    events = json.dumps([{"event": "rest", "value": step}])
    return send(test, id=_make_trigger_id(_player(test).proto.id, "events"), json_trigger_value=events)


def _player(test):
    (player,) = [one for one in test.get("bidi_component") if '"digest"' in one.proto.json]
    return player
