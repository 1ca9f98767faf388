"""How the `handwriting` data set and its judge were made."""
