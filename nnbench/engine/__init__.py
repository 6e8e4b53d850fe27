"""Networks written out in NumPy: layers, activations, losses, initialisers."""

VERSION = 8
"""Raised by every change that alters the results of a run; part of a run's key."""
