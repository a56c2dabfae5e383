"""Where the records of delimited text end: a newline inside a quoted cell is part of the cell.

A quote opens a cell only at its start; one in the middle of a cell that did not begin with a quote is a character
like any other (a 5" pipe). Two quotes in a row inside a quoted cell stand for one (RFC 4180).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np

from ..types import Array

QUOTE, NEWLINE, RETURN = 34, 10, 13


class RecordScan:
    """Follows blocks of whole lines, in order; every block ends with a newline.

    rows: records so far, blank lines left out. longest: bytes of the longest one. cells: quoted cells so far.
    broken: cells that go on after their closing quote; first_broken: the row of the first, 0 without one.
    opened: the row of the quoted cell that is still open, 0 if none is. unclosed: the row of the first cell that a
    later line closes only by opening a cell of its own, 0 without one.
    """

    def __init__(self, delimiters: bytes, *, quoting: bool = True) -> None:
        self.rows = self.longest = self.cells = self.broken = self.first_broken = self.opened = self.unclosed = 0
        self._quoting = quoting
        self._edge = np.zeros(256, dtype=bool)
        self._edge[[*delimiters, NEWLINE, RETURN]] = True
        self._length = 0

    def feed(self, block: bytes) -> Array:
        """Take a block -> the offsets in it just behind each record that is not blank, ascending."""
        data = np.frombuffer(block, dtype=np.uint8)
        ends = np.flatnonzero(data == NEWLINE)
        inside = self.opened > 0
        switches, broken = ends[:0], ends[:0]
        if self._quoting and b'"' in block:
            quotes = np.flatnonzero(data == QUOTE)
            switches, broken = self._walk(data, quotes, inside)
        if inside or len(switches):
            ends = ends[(np.searchsorted(switches, ends) + inside) % 2 == 0]
        real = self._without_blank(data, ends)
        self._note(block, real, switches, broken, inside)
        self.rows += len(real)
        return real + 1

    def _without_blank(self, data: Array, ends: Array) -> Array:
        lengths = np.diff(ends, prepend=-1 - self._length) - 1
        self._length = len(data) - 1 - int(ends[-1]) if len(ends) else self._length + len(data)
        self.longest = max(self.longest, self._length, int(lengths.max(initial=0)))
        return ends[(lengths > 1) | ((lengths == 1) & (data[ends - 1] != RETURN))]

    def _note(self, block: bytes, real: Array, switches: Array, broken: Array, inside: bool) -> None:
        def row(place: int) -> int:
            return self.rows + int(np.searchsorted(real, place)) + 1

        self.broken += len(broken)
        if len(broken) and not self.first_broken:
            self.first_broken = row(int(broken[0]))
        for place in broken.tolist() if not self.unclosed else []:
            at = int(np.searchsorted(switches, place))
            start = int(switches[at - 1]) if at else 0
            if self._edge[block[place - 1]] and block.find(b"\n", start, place) >= 0:
                self.unclosed = row(start) if at else self.opened
                break
        if (len(switches) + inside) % 2 == 0:
            self.opened = 0
        elif len(switches):
            self.opened = row(int(switches[-1]))

    def _walk(self, data: Array, quotes: Array, inside: bool) -> tuple[Array, Array]:
        """Quotes that switch between inside and outside of a cell, and those that close one too early.

        Quotes open and close in turn, so that every other one must stand at a cell's start and the rest at its end.
        Where one does not, only the steps behind it change; the places that do not fit either turn are known at once.
        """
        starts, stops = self._edge[data[quotes - 1]], self._edge[data[quotes + 1]]
        twin = np.diff(quotes) == 1
        cannot_open, cannot_close = np.flatnonzero(~starts), np.flatnonzero(~stops)
        cannot_open = cannot_open[(cannot_open == 0) | ~twin[cannot_open - 1]] if len(twin) else cannot_open
        cannot_close = cannot_close[~np.append(twin, False)[cannot_close]]
        faults = [
            np.sort(np.concatenate([cannot_open[cannot_open % 2 == turn], cannot_close[cannot_close % 2 != turn]]))
            for turn in (0, 1)
        ]
        plain, broken = self._steps([part.tolist() for part in faults], twin, inside)
        self.cells += int(np.count_nonzero(starts))
        return np.delete(quotes, plain), quotes[broken]

    @staticmethod
    def _steps(faults: list[list[int]], twin: Array, inside: bool) -> tuple[list[int], list[int]]:
        plain: list[int] = []
        broken: list[int] = []
        step, turn = 0, int(inside)
        while (at := bisect_left(faults[turn], step)) < len(faults[turn]):
            fault = faults[turn][at]
            step = fault + 1
            if fault % 2 != turn:
                broken.append(fault)
                continue
            plain.append(fault)
            while step <= len(twin) and twin[step - 1]:
                plain.append(step)
                step += 1
            turn = step % 2
        return plain, broken


def count_cells(record: bytes, delimiters: bytes, *, quoting: bool) -> int:
    """The cells of one record that ends with a newline."""
    scan = RecordScan(delimiters, quoting=quoting)
    data = np.frombuffer(record, dtype=np.uint8)
    marks = np.flatnonzero(np.isin(data, np.frombuffer(delimiters, dtype=np.uint8)))
    quotes = np.flatnonzero(data == QUOTE) if quoting else marks[:0]
    if not len(quotes):
        return len(marks) + 1
    switches, _ = scan._walk(data, quotes, False)
    return int(np.count_nonzero(np.searchsorted(switches, marks) % 2 == 0)) + 1


def row_at(blocks: Iterable[bytes], offset: int, delimiters: bytes = b",;\t|") -> int:
    """The number of the record that holds the byte at an offset."""
    scan = RecordScan(delimiters)
    for block in blocks:
        if offset < len(block):
            before = scan.rows
            return before + int(np.searchsorted(scan.feed(block), offset, side="right")) + 1
        offset -= len(block)
        scan.feed(block)
    return scan.rows + 1
