"""The same script for Keras 3, with the fewest changes."""
