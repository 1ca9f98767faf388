"""The machine and software that the product runs on."""

import os
import platform
from importlib.metadata import version

from core import environment


def test_versions_of_installed_packages_are_reported(monkeypatch):
    found = environment.versions()
    assert found["Python"] == platform.python_version()
    assert found["Streamlit"] == version("streamlit")
    assert found["TensorFlow"].count(".") == 2
    monkeypatch.setitem(environment._PACKAGES, "Nothing", ("no-such-package",))
    assert environment.versions()["Nothing"] == ""


def test_the_machine_is_described_without_paths():
    assert environment.processor()
    assert platform.system() in environment.system()
    assert 1 <= environment.cores() <= (os.cpu_count() or 1)
    whole, own = environment.memory()
    assert 0 < own < whole
    assert os.sep not in environment.system()
