"""The sections of an inspection: a file makes one; page.py says which, and in which order."""
