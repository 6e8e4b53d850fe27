"""Sweeps: which runs train together, and where."""
