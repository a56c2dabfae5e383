"""Small files of an imaginary shop, written by the tests that import them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.importing.plan import FilePlan, ImportPlan

ITEMS = """sku;product name;long text;section
a1;Red pen;A pen that writes in red ink for a very long time;office|pens
a2;Blue pen;A pen that writes in blue ink for a very long time;office|pens
a3;Stapler;Holds twenty sheets of paper together with a single push;office
a4;Desk lamp;A lamp with a warm light that can be turned down for the evening;light
"""
LOG = """visitor,product sku,stars,when
u1,a1,5,2024-01-01
u1,a2,4,2024-01-02
u1,a3,1,2024-01-03
u2,a1,4,2024-01-04
u2,a4,5,2024-01-05
u3,a2,3,2024-01-06
u3,a2,2,2024-01-07
"""


def written(folder: Path, **texts: str | bytes) -> dict[str, Path]:
    """Files called by their keyword, "log_csv" for log.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, text in texts.items():
        stem, _, suffix = name.rpartition("_")
        paths[name] = folder / f"{stem}.{suffix}"
        paths[name].write_bytes(text if isinstance(text, bytes) else text.encode())
    return paths


def plan_of(
    name: str, *files: Path | tuple[Path, str], roles: Sequence[tuple[str, str]] = (), **choices: Any
) -> ImportPlan:
    """A plan for files, (path, kind) where the kind is given; roles: (role, column) of the log."""
    plans = []
    for file in files:
        path, kind = file if isinstance(file, tuple) else (file, "")
        own = tuple((role, (column,)) for role, column in roles) if kind == "interactions" else ()
        plans.append(FilePlan(str(path), path.name, kind, roles=own))
    return ImportPlan(name, files=tuple(plans), **choices)
