"""The digits a run gets wrong."""
