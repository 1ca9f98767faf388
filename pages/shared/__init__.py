"""What pages share: the form, live charts, the watched run."""
