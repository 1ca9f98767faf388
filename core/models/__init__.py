"""Strangers' weights and networks, checked and first opened in a separate process."""
