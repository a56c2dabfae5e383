"""Compiled code where there is no place to keep it."""

from __future__ import annotations

from core.diversify.compiling import compiled


def test_without_a_place_for_the_cache_it_is_compiled_all_the_same() -> None:
    scope: dict[str, object] = {}
    exec("def twice(x):\n    return 2 * x\n", scope)
    # Of a function without a file, nothing can be kept: the compiler refuses to.
    twice = compiled(scope["twice"], "int64(int64)", nogil=True)  # type: ignore[arg-type]
    assert twice(21) == 42
    assert twice.nopython_signatures
