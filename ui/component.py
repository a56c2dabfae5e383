"""One place that registers this product's browser components (``st.components.v2``)."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from . import palette

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

SHARED = Path(__file__).with_name("component.js")
BASE = Path(__file__).with_name("component.css")


def register(folder: Path, name: str, *parts: str) -> ComponentRenderer:
    """Register ``<folder>/<name>.js`` with ``<name>.css`` and, where it exists, ``<name>.html``; call once, at import.

    The script gets the few functions of component.js in front of it (one module, no import), and those of further
    files of the folder, ``<part>.js``; the style sheet gets the palette and component.css, the look that all share. The
    component is called ``recallscope.<name>``. Raises FileNotFoundError where a script is missing.
    """
    html = folder / f"{name}.html"
    style = folder / f"{name}.css"
    scripts = (SHARED, *(folder / f"{part}.js" for part in (*parts, name)))
    return st.components.v2.component(
        f"recallscope.{name}",
        html=html.read_text(encoding="utf-8") if html.is_file() else '<div class="rs"></div>',
        css=palette.css()
        + BASE.read_text(encoding="utf-8")
        + (style.read_text(encoding="utf-8") if style.is_file() else ""),
        js="".join(script.read_text(encoding="utf-8") for script in scripts),
    )


def mark_of(*parts: Any) -> str:
    """8 hex digits that stand for what is to be drawn; a component repeats them in ``data-drawn`` when it has drawn."""
    return f"{zlib.crc32(repr(parts).encode()):08x}"
