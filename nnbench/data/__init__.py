"""Data sets and how they are split; the only floor that imports scikit-learn."""
