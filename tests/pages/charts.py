"""Elements of a page's charts."""

import base64
import gzip
import json
import re

CHART = re.compile(r'data-chart="(.*?)"')


def charts(page):
    """The specifications in the text of a page."""
    return [json.loads(gzip.decompress(base64.b64decode(text))) for text in CHART.findall(page)]


def figures_of(specification, field):
    """All values of a field in the data of a chart and its layers."""
    collected = []
    for view in (specification, *specification.get("layer", [])):
        rows = view.get("data", {}).get("values", [])
        collected += [row[field] for row in rows if field in row]
    return collected


def words(page):
    """A page without its scripts and charts."""
    return re.sub(r"<script.*?</script>", "", CHART.sub("", page), flags=re.DOTALL)
