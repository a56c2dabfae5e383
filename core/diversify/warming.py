"""Getting the compiled kernels ready before the first list asks for them."""

from __future__ import annotations

from . import calibration, kernels


def warm_up() -> None:
    """Load every kernel of this folder from the compiler's cache, or compile it: seconds the first time on a machine,
    a fraction of one afterwards. Safe to call at any time and from any thread."""
    for name in kernels.SETTINGS:
        kernels.kernel(name)
    calibration.kernel()
