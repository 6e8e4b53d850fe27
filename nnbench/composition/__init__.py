"""From the words of a command line to jobs, with Hydra."""
