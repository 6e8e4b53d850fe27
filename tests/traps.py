"""A module that nobody may import: a test that finds it imported has found a hole."""


def spring(*arguments, **options):
    """Whatever is called has been found by its path already."""
    raise AssertionError("a stored target was called")
