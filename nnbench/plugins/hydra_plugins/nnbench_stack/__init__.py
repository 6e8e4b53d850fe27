"""Hydra's way into nnbench: a sweeper and a launcher that pass on all jobs at once."""
