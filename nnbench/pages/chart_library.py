"""The script that draws charts on a page."""

from functools import cache
from importlib import metadata

import vl_convert

from nnbench.system.cache import kept_text

FINGERPRINTS = {"1.9.0": "sha256-NzsfhAcrMQEPFc63h75rQVxTk2QRquJnyMKytszeRuc="}
"""Version of vl-convert → the fingerprint of the script that it makes, in 1.2 s of the processor.

With any other version each report makes it anew.
"""


@cache
def chart_library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, which makes the page work offline."""
    # A release that only packs the same code anew makes the same script.
    version = metadata.version("vl-convert-python").partition(".post")[0]
    return kept_text(f"vega-of-vl-convert-{version}.js", FINGERPRINTS.get(version), make_library)


def make_library() -> str:
    """The script, made by vl-convert."""
    library: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return library.replace("</script", "<\\/script")
