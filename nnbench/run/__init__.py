"""One run as plain data: its configuration, its result, its errors."""
