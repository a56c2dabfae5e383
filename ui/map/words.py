"""The words the map shows; a page may hand over others under the same keys.

``{n}``, ``{rank}`` ... are filled in by the component. ``lang`` decides how numbers are written.
"""

from __future__ import annotations

from types import MappingProxyType

from ..text import group

DEFAULT_WORDS = MappingProxyType(group("map_words"))
