"""The words the map shows, in English; a page may hand over others under the same keys.

``{n}``, ``{rank}`` ... are filled in by the component. ``lang`` decides how numbers are written.
"""

from __future__ import annotations

from types import MappingProxyType

DEFAULT_WORDS = MappingProxyType(
    {
        "lang": "en",
        "label": "Map of {n} items; items with similar descriptions lie close together.",
        "label_user": "The user is marked with a star.",
        "label_phrase": "The phrase is marked with a diamond.",
        "label_history": "{n} items of the user's history are ringed.",
        "label_ranked": "{n} recommended items are numbered, best first.",
        "label_hits": "{n} items found are marked with triangles.",
        "label_focus": "Chosen item: {title}.",
        "keys": "Arrow keys move the map, plus and minus zoom, 0 shows everything, P moves, B draws a box, "
        "L draws a lasso, Escape clears the selection. A table beside the map holds the same items.",
        "modes": "What dragging does",
        "view": "View",
        "pan": "Move the map (P)",
        "box": "Select with a box (B)",
        "lasso": "Select with a lasso (L)",
        "zoom_in": "Zoom in (+)",
        "zoom_out": "Zoom out (-)",
        "fit": "Show everything (0)",
        "fit_list": "Show the list",
        "selected": "{n} selected",
        "clear": "Clear the selection",
        "cleared": "Selection cleared",
        "activate": "Tap to move the map",
        "release": "Back to scrolling",
        "user": "user",
        "phrase": "your phrase",
        "history": "history",
        "ranked": "recommended",
        "hits": "found",
        "focus": "chosen",
        "neighbours": "its neighbours",
        "tip_ranked": "No. {rank} of the list",
        "tip_history": "in the user's history",
        "tip_hits": "found for the phrase",
        "tip_focus": "chosen item",
        "tip_neighbours": "neighbour of the chosen item",
        "tip_user": "the user, among the items",
        "tip_phrase": "the phrase, among the items",
        "spotlight": "Highlight {label}",
        "no_value": "no value",
        "loading": "Drawing the map ...",
        "empty": "There are no items to draw.",
        "no_webgl": "This browser does not offer WebGL2, so the interactive map cannot be drawn here. "
        "A simpler chart is shown instead.",
        "lost": "The graphics driver paused the map; it comes back by itself.",
    }
)
