"""Compiling a loop, with the result kept on disk where there is a place for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def compiled(function: Callable[..., Any], *signature: Any, **settings: Any) -> Any:
    """A function as machine code: from the compiler's cache where it is in it, else compiled now, which takes seconds.

    The cache is the folder NUMBA_CACHE_DIR, else beside the function's file, else in the user's cache folder. Where
    none can be written, it is compiled anew in every process.
    """
    import numba

    njit: Any = numba.njit
    try:
        return njit(*signature, cache=True, **settings)(function)
    except RuntimeError:  # "cannot cache function: no locator available"
        return njit(*signature, **settings)(function)
