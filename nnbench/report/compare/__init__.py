"""Which runs are compared, at which settings."""
