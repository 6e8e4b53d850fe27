"""The processor and the BLAS of this process, on which the last digits of results depend."""

import platform
import re
from functools import cache
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

PROCESSORS = Path("/proc/cpuinfo")
"""Description of each core, on Linux."""
NAMES = {"openblas": "OpenBLAS", "mkl": "MKL", "blis": "BLIS", "flexiblas": "FlexiBLAS"}


@cache
def machine() -> dict[str, str]:
    """The processor, the BLAS with its version, and the kernel that it chose for the processor.

    Keys are those of `run.result.MACHINE`; what is unknown is left out.
    """
    # The engine multiplies with NumPy's; SciPy may have brought another.
    folder = str(Path(np.__file__).parent)
    libraries = [info for info in threadpool_info() if info["user_api"] == "blas"]
    libraries.sort(key=lambda info: not str(info["filepath"]).startswith(folder))
    blas = libraries[0] if libraries else {}
    name, version = (str(blas.get(key) or "") for key in ("internal_api", "version"))
    values = {
        "processor": processor(),
        "blas": f"{NAMES.get(name, name)} {version}".strip(),
        "blas_kernel": str(blas.get("architecture") or ""),
    }
    return {key: value for key, value in values.items() if value}


def processor() -> str:
    """The name of the processor's model, or of its architecture."""
    try:
        model = re.search(r"^model name\s*:\s*(.+)", PROCESSORS.read_text("utf-8"), re.MULTILINE)
    except OSError:
        model = None
    return model[1].strip() if model else platform.processor() or platform.machine()
