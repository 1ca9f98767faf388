"""The Mistakes page and its parts."""
