"""Inspections: a trained network and its data in, a page on what its layers have learnt out."""

from nnbench.inspection.examination import Inspection, examine
from nnbench.inspection.page import Subject, make_page

__all__ = ["Inspection", "Subject", "examine", "make_page"]
