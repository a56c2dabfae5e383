"""Compiled kernels: the loops of ``loops``, run over the pools of many users at once."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Lock
from types import FunctionType
from typing import Any

import numpy as np

from ..pools import Picks, Pools
from . import loops, loops_of_sets
from .compiling import compiled

HELPERS = (
    *("cosine", "cosines", "cosines_with", "of_user", "opened", "largest", "mmr_bound", "mmr_list"),
    *("dpp_project", "dpp_lost", "dpp_list", "max_sum_list", "cap_nearest", "cap_list"),
)
"""In the order in which they call each other."""
SETTINGS = {"mmr": ("float64",), "dpp": ("float64",), "max_sum": ("float64",), "cap": ("float64", "boolean")}
"""Kernel -> the types of what it takes beside the arrays."""
SAFE_MATH = {"reassoc", "contract", "nsz"}
"""A sum may be added up in any order; NaN and infinity keep their meaning."""
THREADS, SHARES = 2, 8
WORTH_SHARING = 1e7
"""Multiplications from which a second thread saves more than it costs."""
_ONE_AT_A_TIME = {name: Lock() for name in SETTINGS}


def kernel(name: str) -> Callable[..., None]:
    """The kernel of a name; whoever asks for it while another thread compiles it waits for that one."""
    with _ONE_AT_A_TIME[name]:
        return _kernel(name)


@cache
def _kernel(name: str) -> Callable[..., None]:
    """One of SETTINGS, from the compiler's cache where it is in it: (items, relevance, vectors, ledger, settings), the
    arrays of ``loops`` with one row a user.

    It lets go of the interpreter's lock and starts no threads of its own: two threads may be in it at once.
    """
    import numba

    types: Any = numba.types
    given = [types.Array(of, 2, "C", readonly=True) for of in (types.int32, types.float32, types.float32)]
    made = [types.Array(of, 2, "C") for of in (types.int32, types.float32, types.float32, types.int32, types.boolean)]
    settings = [getattr(types, kind) for kind in SETTINGS[name]]
    scope, digest = _helpers()
    # The compiler's cache looks at the file of a kernel only, not at those of what it calls.
    plain = _copy(name, scope, f"{name}_{digest}")
    signature = types.void(*given, types.Tuple(made), *settings)
    return compiled(plain, signature, nogil=True, fastmath=SAFE_MATH)


@cache
def _helpers() -> tuple[dict[str, Any], str]:
    """All loops by name, those that others call to be compiled with them, and a digest of the text of all."""
    import numba

    njit: Any = numba.njit
    scope: dict[str, Any] = {**vars(loops), **vars(loops_of_sets)}
    for name in HELPERS:
        scope[name] = njit(nogil=True, fastmath=SAFE_MATH)(_copy(name, scope))
    text = "".join(inspect.getsource(module) for module in (loops, loops_of_sets))
    return scope, hashlib.sha256(text.encode()).hexdigest()[:12]


def _copy(name: str, scope: dict[str, Any], called: str = "") -> FunctionType:
    """One of the loops, with those it calls as they stand in ``scope``."""
    plain = FunctionType(scope[name].__code__, scope, name)
    plain.__qualname__ = called or name
    return plain


@cache
def _crew() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="diversify")


def picked(name: str, pools: Pools, k: int, *settings: float) -> Picks:
    """What a kernel picks from pools: up to k a user.

    Many users are shared out among THREADS threads; what comes out does not depend on it.
    """
    n, m = pools.items.shape
    given = np.ascontiguousarray(pools.items, dtype=np.int32), np.ascontiguousarray(pools.relevance, dtype=np.float32)
    vectors = np.ascontiguousarray(pools.vectors, dtype=np.float32)
    places, value, penalty = (
        np.empty((n, min(k, m)), np.int32),
        np.empty((n, m), np.float32),
        np.empty((n, m), np.float32),
    )
    cause, barred = np.empty((n, m), np.int32), np.empty((n, m), np.bool_)
    made = places, value, penalty, cause, barred
    run = kernel(name)

    def take(rows: slice) -> None:
        run(*(part[rows] for part in given), vectors, tuple(part[rows] for part in made), *settings)

    if n == 1 or float(n) * m * places.shape[1] * vectors.shape[1] < WORTH_SHARING:
        run(*given, vectors, made, *settings)
    else:
        size = -(-n // SHARES)
        list(_crew().map(take, (slice(start, start + size) for start in range(0, n, size))))
    for part in made:
        part.setflags(write=False)
    return Picks(*made)
