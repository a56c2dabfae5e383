"""The rules of the house, read from the source with ``ast``: who may import whom, and what may stand where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = (
    ("types", "errors", "registry", "recipe", "sheets", "values", "splits", "pools", "audience"),
    (
        *("read", "roles", "datasets", "clean", "embed", "postprocess", "users", "score", "select"),
        *("context", "diversify", "spacing", "exploration", "layout", "metrics", "protocols", "store"),
    ),
)
"""Ground and middle of core; every other module of core is the top."""

HEAVY = {
    *("torch", "sentence_transformers", "transformers", "umap", "sklearn", "scipy"),
    *("numba", "pynndescent", "pymilvus", "ray", "faiss", "implicit"),
}
BAD_NAMES = {"utils", "helpers", "common"}
MAX_LINES = 300
MAX_PAGE_LINES = 90


@dataclass(frozen=True)
class Source:
    """One Python file: its path below the root, its dotted name as a tuple, its text and tree."""

    path: str
    module: tuple[str, ...]
    text: str
    tree: ast.Module

    @property
    def is_page(self) -> bool:
        return self.module[0] == "pages"


def sources(root: Path) -> list[Source]:
    """Every Python file of the product below a root."""
    files = [
        root / "app.py",
        *(path for part in ("core", "ui", "pages") for path in sorted((root / part).rglob("*.py"))),
    ]
    found = []
    for file in files:
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            path = file.relative_to(root)
            parts = path.with_suffix("").parts
            module = parts[:-1] if parts[-1] == "__init__" else parts
            found.append(Source(path.as_posix(), module, text, ast.parse(text)))
    return found


def imports(source: Source) -> Iterator[tuple[tuple[str, ...], ast.stmt]]:
    """Each import as the dotted name it means, relative ones resolved, with its statement."""
    package = source.module if source.path.endswith("__init__.py") else source.module[:-1]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield tuple(alias.name.split(".")), node
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            base += tuple(node.module.split(".")) if node.module else ()
            for alias in node.names:
                yield (*base, alias.name), node


def runs_at_import(tree: ast.Module) -> set[ast.stmt]:
    """Statements that run when the module is imported: not in a function, not under TYPE_CHECKING."""
    found: set[ast.stmt] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        if isinstance(node, ast.stmt):
            found.add(node)
        waiting.extend(ast.iter_child_nodes(node))
    return found


def floor_of(part: str) -> int:
    """0 = ground, 1 = middle, 2 = top."""
    return next((floor for floor, parts in enumerate(FLOORS) if part in parts), len(FLOORS))


def import_faults(source: Source) -> Iterator[str]:
    """Imports that run upwards, sideways or out of the house."""
    own = source.module[0]
    at_import = runs_at_import(source.tree)
    for name, node in imports(source):
        there = ".".join(name)
        top = name[0]
        if top == "pages" or (top == "app" and len(name) <= 2 and own != "app"):
            yield f"imports {there}: nothing imports pages or app"
        if own == "core" and top in ("ui", "streamlit", "plotly"):
            yield f"core imports {there}"
        if source.module[:2] == ("ui", "figures") and top == "streamlit":
            yield f"figures import {there}"
        if top in HEAVY and node in at_import:
            yield f"imports {top} at module level"
        if own == "core" and top == "core" and len(name) > 1 and len(source.module) > 1:
            yield from floor_faults(source, name)


def floor_faults(source: Source, name: tuple[str, ...]) -> Iterator[str]:
    """Imports inside core against the order of its floors."""
    here, there = source.module[1], name[1]
    mine, other = floor_of(here), floor_of(there)
    if other > mine:
        yield f"{here} imports {there}, a floor above"
    elif mine == other == 1 and here != there:
        yield f"{here} imports {there}: a stage imports no other stage"


def word_faults(source: Source) -> Iterator[str]:
    """Names that may stand in one file only, or in none."""
    attributes = {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
    plain = {node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name)}
    keywords = {
        word.arg for node in ast.walk(source.tree) if isinstance(node, ast.Call) for word in node.keywords if word.arg
    }
    imported = {name[-1] for name, _ in imports(source)}
    if "session_state" in attributes | imported and source.path != "ui/state.py":
        yield "session_state outside ui/state.py"
    if {"cache_data", "cache_resource"} & (attributes | imported) and source.path != "ui/resources.py":
        yield "st.cache_* outside ui/resources.py"
    if "unsafe_allow_html" in keywords:
        yield "unsafe_allow_html"
    if "unsafe_allow_javascript" in keywords:
        yield "unsafe_allow_javascript"
    if source.is_page and (
        {"numpy", "pandas", "plotly"} & {name[0] for name, _ in imports(source)} or {"np", "pd", "go"} & plain
    ):
        yield "a page holds numpy, pandas or plotly"


def shape_faults(source: Source) -> Iterator[str]:
    """Names and lengths of files."""
    lines = source.text.count("\n")
    if BAD_NAMES & set(source.module):
        yield "is called utils, helpers or common"
    if lines > MAX_LINES:
        yield f"has {lines} lines, more than {MAX_LINES}"
    if source.is_page and lines > MAX_PAGE_LINES:
        yield f"is a page of {lines} lines, more than {MAX_PAGE_LINES}"
    if source.is_page and len(source.module) != 3:
        yield "is not pages/<section>/<page>.py"


def script_faults(root: Path) -> Iterator[str]:
    """What no browser script of the product may hold."""
    for file in sorted((root / "ui").rglob("*.js")):
        text = file.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            if word in text:
                yield f"{file.relative_to(root).as_posix()}: {word}"


def faults(root: Path) -> list[str]:
    """Every fault below a root, one line each."""
    found = [
        f"{source.path}: {fault}"
        for source in sources(root)
        for check in (import_faults, word_faults, shape_faults)
        for fault in check(source)
    ]
    return found + list(script_faults(root))


def test_the_house_is_in_order() -> None:
    assert len(sources(ROOT)) > 20
    assert faults(ROOT) == []


PAGE = "import streamlit as st\n" * 50


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("core/score/a.py", "import streamlit", "core imports streamlit"),
        ("core/score/a.py", "def f():\n    import plotly.graph_objects as go\n", "core imports plotly.graph_objects"),
        ("core/score/a.py", "from ui import palette", "core imports ui.palette"),
        ("core/score/a.py", "from ..users import mean", "score imports users: a stage imports no other stage"),
        ("core/score/a.py", "from core.store.paths import cache_dir", "score imports store: a stage imports no"),
        ("core/score/a.py", "from .. import pipeline", "score imports pipeline, a floor above"),
        ("core/score/a.py", "if True:\n    from core import vectors", "score imports vectors, a floor above"),
        ("core/types.py", "from .score import cosine", "types imports score, a floor above"),
        ("core/recipe.py", "from .pipeline import recall", "recipe imports pipeline, a floor above"),
        ("core/embed/a.py", "import torch", "imports torch at module level"),
        ("core/embed/a.py", "class A:\n    from umap import UMAP\n", "imports umap at module level"),
        ("core/embed/a.py", "try:\n    import numba.core\nexcept ImportError:\n    pass\n", "imports numba at module"),
        ("core/utils.py", "", "is called utils, helpers or common"),
        ("core/common/a.py", "", "is called utils, helpers or common"),
        ("core/long.py", "\n" * 301, "has 301 lines, more than 300"),
        ("ui/figures/a.py", "from streamlit import context", "figures import streamlit.context"),
        ("ui/nav.py", "import pages.explore.map", "imports pages.explore.map: nothing imports pages or app"),
        ("ui/nav.py", "import streamlit as st\nst.session_state['a'] = 1", "session_state outside ui/state.py"),
        ("ui/nav.py", "from streamlit import session_state", "session_state outside ui/state.py"),
        ("ui/nav.py", "import streamlit as st\n@st.cache_data\ndef f(): ...\n", "st.cache_* outside ui/resources.py"),
        ("ui/nav.py", "import streamlit as st\nst.markdown('x', unsafe_allow_html=True)", "unsafe_allow_html"),
        ("app.py", "import streamlit as st\nst.html('x', unsafe_allow_javascript=True)", "unsafe_allow_javascript"),
        ("pages/a/b.py", PAGE + "import numpy as np", "a page holds numpy, pandas or plotly"),
        ("pages/a/b.py", PAGE + "from plotly import graph_objects as go", "a page holds numpy, pandas or plotly"),
        ("pages/a/b.py", "x = 1\n" * 91, "is a page of 91 lines, more than 90"),
        ("pages/b.py", PAGE, "is not pages/<section>/<page>.py"),
        ("ui/x/x.js", "root.innerHTML = data.title", "innerHTML"),
        ("ui/x/x.js", "eval(data.code)", "eval("),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, path: str, text: str, fault: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    found = faults(tmp_path)
    assert len(found) >= 1
    assert any(line.startswith(f"{path}: ") and fault in line for line in found), found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("core/score/a.py", "from ..types import Array\nfrom . import cosine\nfrom core.registry import knob\n"),
        ("core/embed/a.py", "def f():\n    import torch\n    return torch\n"),
        ("core/embed/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\n"),
        ("core/pipeline.py", "from .score import cosine\nfrom .store import paths\nfrom . import vectors\n"),
        ("core/explain/a.py", "from ..pipeline import recall\nfrom .closest import near\n"),
        ("ui/state.py", "import streamlit as st\nst.session_state['a'] = 1\n"),
        ("ui/resources.py", "import streamlit as st\n@st.cache_resource\ndef f(): ...\n"),
        ("pages/a/b.py", PAGE),
        ("ui/x/x.js", "node.textContent = data.title"),
    ],
)
def test_good_code_is_left_alone(tmp_path: Path, path: str, text: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    assert faults(tmp_path) == []
