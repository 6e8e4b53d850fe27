"""Pages: sections with tables and charts in, files out; what reports and inspections share."""

from nnbench.pages.section import Answer, Caveat, Page, Section, Table
from nnbench.pages.table_cells import Link, Number
from nnbench.pages.write import write_page

__all__ = ["Answer", "Caveat", "Link", "Number", "Page", "Section", "Table", "write_page"]
