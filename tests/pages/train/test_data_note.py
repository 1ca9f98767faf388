"""Train without MNIST: the note, and the data sets offered."""

import time

import pytest

from core.data import datasets
from tests.pages.shown import texts


def until(app, condition):
    deadline = time.monotonic() + 20
    while not condition(test := app()):
        assert time.monotonic() < deadline, texts(test)
    return test


def missing(test):
    return "MNIST is not available." in texts(test)


@pytest.mark.usefixtures("without_mnist")
def test_a_failed_download_shows_the_reason_a_retry_and_the_sample(app):
    test = until(app, missing)
    assert "nowhere" in texts(test)
    assert test.selectbox(key="form.dataset").options == ["MNIST (not available)", "MNIST sample (5,000)"]
    assert test.selectbox(key="form.dataset").value == "mnist-5k"
    assert not test.button(key="train.start").disabled
    test.button(key="data.retry").click().run()
    assert not test.exception


@pytest.mark.usefixtures("without_mnist")
def test_a_link_to_a_missing_data_set_disables_start_and_says_why(app, monkeypatch):
    monkeypatch.delenv("DIGIT_LAB_HANDWRITING", raising=False)
    for dataset, reason in (("mnist", "nowhere.npz"), ("handwriting", "DIGIT_LAB_HANDWRITING")):
        test = until(lambda name=dataset: app(dataset=name), lambda test, text=reason: text in errors(test))
        assert test.button(key="train.start").disabled
        test.selectbox(key="form.dataset").set_value("mnist-5k").run()
        assert not test.button(key="train.start").disabled
        assert not test.error


def errors(test):
    return " ".join(error.value.replace("\\", "") for error in test.error)


@pytest.mark.usefixtures("without_mnist")
def test_mnist_becomes_the_default_once_it_is_available(app, monkeypatch):
    until(app, missing)
    monkeypatch.setattr(datasets, "status", lambda _: datasets.Status("ready"))
    test = app()
    assert not missing(test)
    assert test.selectbox(key="form.dataset").value == "mnist"


@pytest.mark.usefixtures("without_mnist")
def test_fields_are_sent_again_when_fetching_mnist_ends(app, monkeypatch):
    monkeypatch.setattr("pages.train.data_note.fetching", lambda *_: True)
    test = app()
    fetching = iter([True])
    monkeypatch.setattr("pages.train.data_note.fetching", lambda *_: next(fetching, False))
    test.run()
    assert missing(test)
    field = test.selectbox(key="form.dataset")
    # otherwise a browser that has not drawn the first page yet shows the field's first option, MNIST
    assert field.proto.set_value
    assert field.value == "mnist-5k"


def test_handwriting_is_offered_only_if_available(app, tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("DIGIT_LAB_HANDWRITING", raising=False)
    assert not [option for option in app().selectbox(key="form.dataset").options if "drawn" in option]
    (tmp_path / "mnist.npz").touch()
    (tmp_path / "handwriting.npz").touch()
    monkeypatch.setenv("DIGIT_LAB_MNIST", str(tmp_path / "mnist.npz"))
    monkeypatch.setenv("DIGIT_LAB_HANDWRITING", str(tmp_path / "handwriting.npz"))
    test = app()
    assert "MNIST and drawn digits" in test.selectbox(key="form.dataset").options
