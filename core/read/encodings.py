"""How the characters of a text file are written: byte order mark, UTF-8, UTF-8 with foreign lines, or another code.

Latin-1 is read as Windows-1252, of which it is the printable part; the five bytes that Windows-1252 leaves open stand
for the control characters of Latin-1, as in https://encoding.spec.whatwg.org/#index-windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..errors import FileError

MIXED = "mixed"
UTF8 = ("utf-8", "utf-8-sig", MIXED)
_WESTERN = ("cp1252", "latin-1")
_OTHERS = (
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "koi8-r", "koi8-u", "mac-roman"),
    *("cp437", "cp850", "cp866", "cp932", "shift_jis", "euc_jp", "gb18030", "big5", "cp949", "euc_kr"),
)
ENCODINGS = (*UTF8, *_WESTERN, "utf-16", "utf-16-le", "utf-16-be", "utf-32", *_OTHERS)
"""What a user may choose."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WINDOWS = "".join(
    bytes([byte]).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252") for byte in range(256)
)
_CALLED = {
    "utf-8-sig": "UTF-8",
    "latin-1": "Latin-1",
    "mac-roman": "Mac Roman",
    "shift_jis": "Shift_JIS",
    "big5": "Big5",
}
_ENOUGH = 1000
"""Lines that cannot be UTF-8 after which a file is believed to be written in another code altogether."""


def marked(start: bytes) -> str:
    """The encoding a byte order mark stands for, "" without one."""
    return next((name for mark, name in _MARKS if start.startswith(mark)), "")


def called(encoding: str) -> str:
    """An encoding as a sentence names it.

    >>> called("cp1252"), called("utf-8"), called("shift_jis")
    ('Windows-1252', 'UTF-8', 'Shift_JIS')
    """
    if encoding in _CALLED:
        return _CALLED[encoding]
    if encoding.startswith("cp125"):
        return f"Windows-{encoding[2:]}"
    return encoding.upper()


def checked(name: str, encoding: str) -> str:
    """The user's choice as one of ENCODINGS; raises FileError."""
    key = encoding.strip().lower()
    if key in ENCODINGS:
        return key
    try:
        found = codecs.lookup(key).name
    except (LookupError, ValueError):
        found = ""
    known = next((choice for choice in ENCODINGS if choice != MIXED and codecs.lookup(choice).name == found), "")
    if not known:
        raise FileError(
            name, "is no encoding known here", value=encoding, hint=f"choose {', '.join(ENCODINGS[:6])} ..."
        )
    return known


def decode_windows(data: bytes) -> str:
    """Windows-1252 -> text; every byte has a meaning."""
    return codecs.charmap_decode(data, "strict", _WINDOWS)[0]


def decoded(chunks: Iterable[bytes], encoding: str, *, final: bool = True, errors: str = "strict") -> Iterator[bytes]:
    """Chunks of bytes in that encoding -> chunks of UTF-8, without a mark. Raises UnicodeError.

    final: the last chunk ends the file. Lines of another code in "mixed" are left as they are: see :func:`repaired`.
    """
    if encoding in _WESTERN:
        yield from (chunk if chunk.isascii() else decode_windows(chunk).encode() for chunk in chunks)
    elif encoding in UTF8:
        first = True
        for chunk in chunks:
            yield chunk.removeprefix(codecs.BOM_UTF8) if first else chunk
            first = False
    else:
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        if final:
            yield decoder.decode(b"", True).encode()


def repaired(block: bytes) -> bytes:
    """A block of whole lines as UTF-8: each line that is not, is read as Windows-1252."""
    if block.isascii():
        return block
    parts, place = [], 0
    for start, end in bad_lines(block):
        parts += [block[place:start], decode_windows(block[start:end]).encode()]
        place = end
    return b"".join([*parts, block[place:]]) if parts else block


def bad_lines(block: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each line of a block that is not UTF-8."""
    view, place = memoryview(block), 0
    while place < len(block):
        try:
            codecs.utf_8_decode(view[place:], "strict", True)
        except UnicodeDecodeError as error:
            at = place + error.start
            start, end = block.rfind(b"\n", 0, at) + 1, block.find(b"\n", at) + 1 or len(block)
            yield start, end
            place = end
        else:
            return


@dataclass(frozen=True, slots=True)
class Survey:
    """Which lines are UTF-8: good = lines with characters beyond ASCII that are (counted up to a bound).

    bad = lines that are not. first = byte offset of the first of those, -1 without one. sample = some of them.
    """

    good: int
    bad: int
    first: int
    sample: bytes

    @property
    def encoding(self) -> str:
        """utf-8, mixed, or the code that fits the lines that are not UTF-8."""
        if not self.bad:
            return "utf-8"
        return MIXED if self.good > self.bad else other_code(self.sample)


def survey(blocks: Iterable[bytes]) -> Survey:
    """Look through blocks of whole lines; stops as soon as the file is clearly in another code."""
    good = bad = offset = 0
    first, sample = -1, bytearray()
    for block in blocks:
        if not block.isascii():
            here = 0
            for start, end in bad_lines(block):
                first = offset + start if first < 0 else first
                here += 1
                if len(sample) < 1 << 16:
                    sample += block[start:end]
                if bad + here > _ENOUGH and bad + here > 2 * good:
                    return Survey(good, bad + here, first, bytes(sample))
            bad += here
            if good < 10 * _ENOUGH:
                good += _beyond_ascii(block) - here
        offset += len(block)
    return Survey(good, bad, first, bytes(sample))


def _beyond_ascii(block: bytes) -> int:
    """Lines of a block that hold a byte beyond ASCII."""
    data = np.frombuffer(block, dtype=np.uint8)
    lines = np.searchsorted(np.flatnonzero(data == 10), np.flatnonzero(data > 127))
    return int(np.count_nonzero(np.diff(lines, prepend=-1)))


def other_code(sample: bytes) -> str:
    """The code of lines that are not UTF-8: Windows-1252 where foreign bytes stand alone among Latin letters, as in
    Western European words; else what charset-normalizer finds in their runs."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    if not runs or sum(map(len, runs)) <= 2 * len(runs):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample[: 1 << 14], cp_isolation=list(_OTHERS)).best()
    if best is None:
        return "cp1252"
    found = codecs.lookup(best.encoding).name
    return next((choice for choice in _OTHERS if codecs.lookup(choice).name == found), "cp1252")
