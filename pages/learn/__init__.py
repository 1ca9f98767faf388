"""The lessons, one per file."""
