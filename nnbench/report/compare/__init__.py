"""The choice of the runs that are compared, and of their settings."""
