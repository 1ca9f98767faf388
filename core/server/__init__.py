"""What this server allows: limits, retention."""
