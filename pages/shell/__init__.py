"""What surrounds every page: menu, running job, page head."""
