"""What the address, the session and the server remember."""
