"""The commands of `python -m nnbench`, one a file: its first line is its help, `run` its work."""
