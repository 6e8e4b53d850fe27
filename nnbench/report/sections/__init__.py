"""The sections of a report: a file makes one, or None if it has nothing to say.

conf/section says which there are, and in which order they are read.
"""
