"""The bytes of a text file as blocks of whole lines in UTF-8, read as often as needed, never held at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import FileError
from . import Request
from .encodings import MIXED, UTF8, called, checked, decoded, marked, repaired, survey
from .limits import HEAD_BYTES, HEAD_ROWS, MAX_RECORD_BYTES, check_bytes
from .records import row_at
from .signatures import refuse, refuse_binary

CHUNK = 8 << 20
SAMPLE = 256 << 10
_REPLACED = "\ufffd".encode()


@dataclass(frozen=True, slots=True)
class Text:
    """A text file and how to read it.

    most: bytes to look at, None = all. returns: lines end with a carriage return alone. notices: what was found odd.
    """

    path: Path
    name: str
    encoding: str
    most: int | None = None
    returns: bool = False
    notices: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing of the file is left out."""
        return self.most is None or self.path.stat().st_size <= self.most

    def chunks(self) -> Iterator[bytes]:
        """The file in UTF-8, cut anywhere. Raises FileError."""
        try:
            yield from decoded(raw_chunks(self.path, self.most), self.encoding, final=self.whole)
        except UnicodeError as error:
            raise self._not_decodable(error) from None

    def blocks(self) -> Iterator[bytes]:
        """The file as blocks of whole lines, each ending with a newline. Raises FileError for bytes no text holds."""
        done = 0
        for block in self._lines():
            if b"\0" in block:
                row = row_at(self._lines(), done + block.index(b"\0"))
                raise FileError(
                    self.name, "holds a NUL byte, which no text does", row=row, hint="export the file again as UTF-8"
                )
            done += len(block)
            yield block

    def sample(self) -> bytes:
        """The first whole lines, about 256 KiB of them."""
        block = next(iter(self.blocks()), b"")
        cut = block.rfind(b"\n", 0, SAMPLE) + 1
        return block[: cut or None]

    def _lines(self) -> Iterator[bytes]:
        chunks: Iterable[bytes] = self.chunks()
        if self.returns:
            chunks = (chunk.replace(b"\r", b"\n") for chunk in chunks)
        blank = True
        for block in whole_lines(chunks, self.name, cut=not self.whole):
            if blank:
                block = block.lstrip(b"\r\n")
            blank = blank and not block
            if not blank:
                yield repaired(block) if self.encoding == MIXED else block

    def _not_decodable(self, error: UnicodeError) -> FileError:
        def lines() -> Iterator[bytes]:
            return whole_lines(decoded(raw_chunks(self.path), self.encoding, errors="replace"), self.name)

        done, row = 0, None
        with suppress(UnicodeError):  # UTF-16 without its mark cannot be read at all
            for block in lines():
                at = block.find(_REPLACED)
                done += len(block) if at < 0 else at
                if at >= 0:
                    break
            row = row_at(lines(), done)
        return FileError(
            self.name,
            f"holds bytes that are not {called(self.encoding)} ({getattr(error, 'reason', 'invalid')})",
            row=row,
            hint="choose another encoding, or leave it to be detected",
        )


def open_text(request: Request, *, strict: bool = False) -> Text:
    """Find out how a text file is written; strict: UTF-8 unless a mark or the user says otherwise (JSON).

    Raises FileError where it is empty, too large, no text, or not in the encoding the user chose.
    """
    start = read_start(request.path, request.name)
    refuse(request.name, start)
    encoding = checked(request.name, request.wish.encoding) if request.wish.encoding else marked(start)
    if not encoding.startswith(("utf-16", "utf-32")):
        refuse_binary(request.name, start)
    most = _head_bytes(start) if request.head else None
    text = Text(request.path, request.name, encoding or "utf-8", most)
    if not strict:
        shown = next(text.chunks(), b"")[:SAMPLE]
        text = replace(text, returns=b"\r" in shown and b"\n" not in shown)
        if text.encoding in UTF8:
            text = _surveyed(text, sure=encoding in ("utf-8", "utf-8-sig") and bool(request.wish.encoding))
    return text


def _head_bytes(start: bytes) -> int:
    lines = start.count(b"\n") + start.count(b"\r")
    return HEAD_BYTES[0] if lines * HEAD_BYTES[0] > HEAD_ROWS * len(start) else HEAD_BYTES[1]


def _surveyed(text: Text, *, sure: bool) -> Text:
    found = survey(replace(text, encoding="utf-8")._lines())
    if not found.bad:
        return text if text.encoding != MIXED else replace(text, encoding="utf-8")
    if sure:
        row = row_at(replace(text, encoding=MIXED)._lines(), found.first)
        raise FileError(
            text.name,
            f"holds bytes that are not {called(text.encoding)}",
            row=row,
            hint="choose another encoding, or leave it to be detected",
        )
    if MIXED in (text.encoding, found.encoding):
        text = replace(text, encoding=MIXED)
        row = row_at(text._lines(), found.first)
        lines = "1 line is" if found.bad == 1 else f"{found.bad:,} lines are"
        return replace(text, notices=(f"{lines} not UTF-8 and read as Windows-1252, the first in row {row:,}",))
    return replace(
        text,
        encoding=found.encoding,
        notices=(f"not UTF-8: read as {called(found.encoding)}; choose another encoding if letters look wrong",),
    )


def read_start(path: Path, name: str, size: int = 1 << 16) -> bytes:
    """The first bytes of a file. Raises FileError where there is no such file, or it may not be read, or is empty."""
    try:
        if path.is_dir():
            raise FileError(name, "a folder, not a file", hint="choose a file inside it")
        if path.exists() and not path.is_file():
            raise FileError(name, "a device or a pipe, not a file", hint="save its content to a file first")
        check_bytes(name, path.stat().st_size)
        with path.open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        raise FileError(name, "there is no such file", hint="check the name and the folder") from None
    except OSError as error:
        raise FileError(
            name, f"the file cannot be opened ({error.strerror or type(error).__name__})", hint="check its permissions"
        ) from None


def raw_chunks(path: Path, most: int | None = None) -> Iterator[bytes]:
    """The first ``most`` bytes of a file, or all of it."""
    left = most
    with path.open("rb") as file:
        while chunk := file.read(CHUNK if left is None else min(CHUNK, left)):
            yield chunk
            left = None if left is None else left - len(chunk)


def whole_lines(chunks: Iterable[bytes], name: str, *, cut: bool = False) -> Iterator[bytes]:
    """Chunks -> blocks that end with a newline; one is put behind the last line, or that line left out (cut).

    Raises FileError for a line longer than the longest record.
    """
    rest, rows = b"", 0
    for chunk in chunks:
        data = rest + chunk if rest else chunk
        end = data.rfind(b"\n") + 1
        block, rest = data[:end], data[end:]
        at = _too_long(block)
        if at < 0 and len(rest) > MAX_RECORD_BYTES:
            at = end
        if at >= 0:
            raise FileError(
                name,
                f"the line is longer than {MAX_RECORD_BYTES >> 20} MB",
                row=rows + data.count(b"\n", 0, at) + 1,
                hint="check that the file has line ends and is a table",
            )
        if block:
            rows += block.count(b"\n")
            yield block
    if rest and not cut:
        yield rest + b"\n"


def _too_long(block: bytes) -> int:
    """The start of a line that is longer than the longest record, -1 without one."""
    start = 0
    while len(block) - start > MAX_RECORD_BYTES:
        end = block.rfind(b"\n", start, start + MAX_RECORD_BYTES + 1) + 1
        if not end:
            return start
        start = end
    return -1
