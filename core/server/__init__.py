"""What this server allows: ownership, limits and retention."""
