"""All runs, and what differs between them."""
