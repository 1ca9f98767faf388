"""A finished run that nothing disturbed, to compare others with."""

from tests.faults.conftest import undisturbed

__all__ = ["undisturbed"]
