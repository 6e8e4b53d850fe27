"""Text of anybody's made safe to print, to write and to open."""
