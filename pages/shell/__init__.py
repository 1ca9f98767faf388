"""The frame of every page: menu, running job, page head."""
