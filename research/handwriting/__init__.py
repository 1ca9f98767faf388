"""How the `handwriting` data set and its check for digits were made."""
