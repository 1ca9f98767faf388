"""The tab Inside and its parts."""
