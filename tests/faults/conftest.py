"""Servers and pages for tests that cause faults."""

import contextlib

import pytest
import streamlit as st

from tests.faults.server import QUICK, Server
from tests.pages.conftest import app, no_exception

__all__ = ["app", "no_exception"]


@pytest.fixture
def runs_dir(tmp_path):
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory):
    """A finished run of QUICK whose training nothing disturbed."""
    runs_dir = tmp_path_factory.mktemp("undisturbed") / "runs"
    runs_dir.mkdir()
    with contextlib.closing(Server(runs_dir)) as server:
        return server.train(QUICK)


@pytest.fixture
def make_server(runs_dir):
    servers = []

    def make(folder=runs_dir, launcher=None):
        servers.append(Server(folder, launcher))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def open_app(app, monkeypatch):
    """Opens a page with these runs, without a browser."""
    monkeypatch.setenv("DIGIT_LAB_WARM_WORKER", "off")
    st.cache_resource.clear()

    def open_page(runs_dir, page="train", /, **parameters):
        monkeypatch.setenv("DIGIT_LAB_RUNS", str(runs_dir))
        return app(page, **parameters)

    yield open_page
    st.cache_resource.clear()
