"""Widgets that know nothing about runs."""
