"""The page of one sweep."""
