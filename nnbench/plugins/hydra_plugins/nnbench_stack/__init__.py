"""Hydra's way into nnbench: a sweeper and a launcher that hand over all jobs at once."""
