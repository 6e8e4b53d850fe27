"""Tests of nnbench.engine.models."""
