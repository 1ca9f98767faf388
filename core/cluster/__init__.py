"""Runs on the nodes of a Ray cluster: placed, followed, and mirrored into their folders on the server."""
