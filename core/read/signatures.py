"""What a file is by its first bytes, whatever it is called: the ones that are no table are refused with a reason."""

from __future__ import annotations

from ..errors import FileError

_UNPACK = "unpack it first and bring the table inside"
_EXPORT = "save the sheet as CSV and bring that"
_PICTURE = "bring a table; pictures are named in a column"
_MARKS: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\x89PNG\r\n", "a PNG picture", _PICTURE),
    (0, b"\xff\xd8\xff", "a JPEG picture", _PICTURE),
    (0, b"GIF87a", "a GIF picture", _PICTURE),
    (0, b"GIF89a", "a GIF picture", _PICTURE),
    (8, b"WEBP", "a WebP picture", _PICTURE),
    (0, b"II*\x00", "a TIFF picture", _PICTURE),
    (0, b"MM\x00*", "a TIFF picture", _PICTURE),
    (0, b"%PDF-", "a PDF document", "export the table itself as CSV"),
    (0, b"{\\rtf", "an RTF document", "export the table itself as CSV"),
    (0, b"\x1f\x8b", "a gzip archive", _UNPACK),
    (0, b"BZh", "a bzip2 archive", _UNPACK),
    (0, b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (257, b"ustar", "a tar archive", _UNPACK),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file", _EXPORT),
    (0, b"SQLite format 3\x00", "an SQLite database", "export the tables as CSV"),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file", "export the tables as Parquet or CSV"),
    (0, b"ARROW1\x00\x00", "an Arrow or Feather file", "save it as Parquet"),
    (0, b"ORC", "an ORC file", "save it as Parquet"),
    (0, b"Obj\x01", "an Avro file", "save it as Parquet"),
    (0, b"\x93NUMPY", "a NumPy array", "bring it as the item vectors, beside a table of items"),
    (0, b"\x7fELF", "a program", "bring a table"),
)
_PICKLES = (b"(dp", b"(lp", b"c__builtin__\n", b"ccopy_reg\n", b"cnumpy", b"cpandas")
_OFFICE = b"[Content_Types].xml"


def refuse(name: str, start: bytes) -> None:
    """Raises FileError where the first bytes (512 or more) are those of something that is no table we read."""
    for place, mark, what, hint in _MARKS:
        if start[place : place + len(mark)] == mark and not (what.startswith("an ORC") and start.isascii()):
            raise FileError(name, f"{what}, not a table", hint=hint)
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        office = _OFFICE in start or b"xl/" in start or b"application/vnd.oasis" in start
        raise FileError(
            name,
            "an Excel or Office file, not a table" if office else "a zip archive, not a table",
            hint=_EXPORT if office else _UNPACK,
        )
    if (start[:1] == b"\x80" and start[1:2] in b"\x02\x03\x04\x05" and len(start) > 1) or start.startswith(_PICKLES):
        raise FileError(name, "a Python pickle, and opening one can run code", hint="save it as Parquet or CSV instead")
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        raise FileError(name, "a web page, not a table", hint="download the data file itself")
    if text.startswith((b"<?xml", b"<svg")):
        raise FileError(name, "an XML document, not a table", hint="export the table itself as CSV")


def refuse_binary(name: str, start: bytes) -> None:
    """Raises FileError where text was expected and most of the first bytes are no characters anyone types."""
    odd = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1b\x1c\x1d\x1e\x1f" for byte in start[:4096])
    if odd * 10 > len(start[:4096]):
        raise FileError(
            name,
            "neither text nor one of the table formats known here",
            hint="bring CSV, TSV, Parquet, JSON or JSON Lines",
        )
