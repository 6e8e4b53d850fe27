"""Verdicts and caveats in English."""
