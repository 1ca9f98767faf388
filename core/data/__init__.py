"""Digits: where the data sets come from."""
