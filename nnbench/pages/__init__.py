"""Pages: sections with tables and charts in, files out; what reports and inspections share."""

from nnbench.pages.section import Link, Page, Section, Table
from nnbench.pages.write import refuse_links, write_page

__all__ = ["Link", "Page", "Section", "Table", "refuse_links", "write_page"]
