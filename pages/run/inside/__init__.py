"""The Look inside page and its parts."""
