"""A small data set in MNIST's clothes."""

from tests.core.data.conftest import small

__all__ = ["small"]
