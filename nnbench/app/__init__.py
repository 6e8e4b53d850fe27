"""Workflows: one sweep, one report, one rerun, and the terminal."""
