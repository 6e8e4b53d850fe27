"""Tracking: runs are written to MLflow and read back as one table; the only importer of mlflow."""
