"""Data sets and how they are split; imports scikit-learn."""
