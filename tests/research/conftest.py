"""A small data set in MNIST's format."""

from tests.core.data.conftest import small

__all__ = ["small"]
