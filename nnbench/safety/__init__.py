"""Untrusted text made safe to print, to write and to open."""
