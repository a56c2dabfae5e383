"""How a delimited text is laid out, judged from its first lines: the delimiter, and whether row 1 is a header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ..errors import FileError

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
"""What is looked for, in the order that breaks ties."""
LINES = 1000
NO_TABLE = (
    "not a table: its lines do not fall into the same number of cells, "
    "whether cut at comma, semicolon, tab or vertical bar"
)
NO_TABLE_HINT = "choose the delimiter if it is one, or bring another file"
_QUOTED = re.compile(r'(?:(?<=^)|(?<=[,;\t|\n\r]))"(?:[^"]|"")*+"(?=[,;\t|\r\n]|$)')
_NUMBER = re.compile(r"\s*[-+]?(?:\d[\d_ ]*)?[.,]?\d+(?:[eE][-+]?\d+)?\s*%?\s*")
_DATE = re.compile(r"\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:[ T]\d.*)?")
_WORDS = (
    r"(?:ids?|names?|titles?|texts?|desc|descr|description|genres?|categor(?:y|ies)|brand|price|ratings?|score|weight"
    r"|counts?|values?|timestamp|time|date|datetime|type|url|image|year|month|day|position|rank|author|label|lang"
    r"|language|code)"
)
_THINGS = r"(?:user|item|product|movie|track|song|artist|book|session|customer|visitor|member|tag|event|asin|sku|isbn)"
_USUAL = re.compile(rf"\W*(?:{_THINGS}[ _.-]?(?:id|code|key|no|name)?s?|(?:.*[ _.-])?{_WORDS})\W*", re.IGNORECASE)
_CAMEL = re.compile(r"\W*\w*[a-z](?:ID|Id|Name|Title|Type|Date|Time|Url|URL|Value)\W*")
_RUN = re.compile(r"\d+|[A-Z]+|[a-z]+|[^\W\d_]+")


def word(delimiter: str) -> str:
    """A delimiter as a reader would say it."""
    return DELIMITERS.get(delimiter, f'"{delimiter}"')


def checked_delimiter(name: str, delimiter: str) -> str:
    r"""The user's choice, "\t" also as its two letters. Raises FileError where it cannot part cells."""
    chosen = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
    plain = len(chosen) == 1 and chosen.isascii() and chosen not in '"\n\r\0'
    if not plain and chosen != "::":
        raise FileError(name, "cannot be the delimiter", value=delimiter, hint='choose one character, or "::"')
    return chosen


def find_delimiter(name: str, sample: str) -> str:
    """The character at which most lines fall into the same number of cells as the first, "" where there is one column.

    Raises FileError where the lines hold such characters but fall apart at each of them.
    """
    lines = [line for line in _QUOTED.sub("", sample).split("\n") if line.strip("\r")][:LINES]
    best, best_score = "", (0.0, 0)
    for delimiter in DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual, times = Counter(count for count in counts if count).most_common(1)[0] if any(counts) else (0, 0)
        share = times / len(lines) if lines else 0.0
        score = (round(share if counts[:1] == [usual] else 0.6 * share, 1), usual)
        if share and score > best_score:
            best, best_score = delimiter, score
    if best_score[0] >= 0.3 or not lines:
        return best
    parted = [any(mark in line for mark in DELIMITERS) for line in lines]
    if parted[0] or sum(parted) > 0.05 * len(lines):
        raise FileError(
            name,
            NO_TABLE,
            hint=NO_TABLE_HINT,
        )
    return ""


def is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of these rows names the columns.

    It does not where one of its cells is a number or a date, or comes again further down, or looks just like the
    cells below in every column; it does where a column below holds numbers, or where its cells are usual names.
    """
    first, below = rows[0], rows[1:]
    filled = [cell for cell in first if cell.strip()]
    if not filled or any(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell) for cell in filled):
        return False
    if not below:
        return True
    columns = [[row[place] for row in below if row[place].strip()] for place in range(len(first))]
    if any(cells and sum(bool(_NUMBER.fullmatch(cell)) for cell in cells) > 0.5 * len(cells) for cells in columns):
        return True
    if sum(bool(_USUAL.fullmatch(cell) or _CAMEL.fullmatch(cell)) for cell in filled) * 2 >= len(filled):
        return True
    pairs = [(cell, cells) for cell, cells in zip(first, columns, strict=True) if cell.strip() and cells]
    if any(cell in cells for cell, cells in pairs):
        return False
    return not all(any(char.isdigit() for char in cell) and _alike(cell, cells) for cell, cells in pairs)


def _alike(cell: str, cells: Sequence[str]) -> bool:
    shapes = [_shape(other) for other in cells]
    return shapes.count(_shape(cell)) * 2 > len(shapes)


def _shape(cell: str) -> str:
    """A cell with each run of digits or letters as one sign: "B00x-12" -> "a9a-9"."""
    return _RUN.sub(lambda run: "9" if run.group()[0].isdigit() else "a", cell)
