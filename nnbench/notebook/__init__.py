"""Displays of results and of tables of runs in a notebook, and its progress bar."""
