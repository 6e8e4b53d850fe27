"""Optimizers and learning-rate schedules, one file each or close family; NumPy only."""
