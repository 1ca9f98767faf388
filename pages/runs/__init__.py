"""All runs, and comparisons between them."""
