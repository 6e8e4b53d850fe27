"""The kind of processor that a comparison runs on."""

AVX2 = {
    "OPENBLAS_CORETYPE": "Haswell",
    # Names of NumPy 2.4, and those before it; unknown ones are ignored.
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL"
    " AVX512_ICL AVX512_SPR",
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": "+avx2,+bmi,+bmi2,+f16c,+fma,+lzcnt,+movbe,+popcnt",
}
"""Environment in which NumPy, OpenBLAS, PyTorch, JAX and Numba use nothing beyond AVX2."""


def kind(*, simulated: bool) -> str:
    """The processor, its vectors as NumPy sees them, and the kernels of OpenBLAS, in a line."""
    import numpy as np

    from nnbench.system.machine import machine

    extensions = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    parts = machine()
    names = (parts.get("processor", ""), f"NumPy {np.__version__} with {extensions[-1]}")
    blas = f"{parts.get('blas', 'no BLAS')} with {parts.get('blas_kernel', 'unknown')} kernels"
    return ", ".join([*filter(None, names), blas]) + (" (AVX2, simulated)" if simulated else "")


def chosen_loops(compiled: bool) -> str:
    """A line on nnbench's compiled loops, which are loaded at once or never."""
    from nnbench.engine import compiled as choice

    choice.PAYS_AFTER = float("inf")
    if compiled:
        choice.load()
    return "with compiled loops" if choice.twins else "without compiled loops"
