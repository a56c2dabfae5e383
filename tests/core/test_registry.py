"""One file is one extension: dropped in, it is found, described and usable everywhere."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import core.score
from core.errors import OutOfRangeError, UnknownNameError
from core.registry import Knob, Registry, stage

ROOT = Path(__file__).resolve().parents[2]

SCORER = '''
from dataclasses import dataclass
from typing import ClassVar
import numpy as np
from core.registry import knob
from core.score.dot import Dot

@dataclass(frozen=True, slots=True)
class Scaled(Dot):
    """A dot product times a number."""
    key: ClassVar[str] = "scaled"
    label: ClassVar[str] = "Scaled"
    factor: float = knob(2.0, "what the product is multiplied by", low=0.5, high=4)

    def finish(self, kernels, user_lengths, item_lengths):
        return kernels * np.float32(self.factor)
'''


@pytest.fixture
def dropped_in(tmp_path: Path) -> Path:
    """A folder that becomes part of the package core.score in the child process."""
    (tmp_path / "scaled.py").write_text(SCORER)
    return tmp_path


def test_a_dropped_in_scorer_reaches_recipe_and_command_line(dropped_in: Path) -> None:
    script = textwrap.dedent(f"""
        import core.score
        core.score.__path__.append({str(dropped_in)!r})
        from core.recipe import Recipe, all_knobs
        from core.registry import stage
        from core.__main__ import build_parser
        assert "scaled" in stage("score").names()
        assert "factor" in [spec.name for spec in all_knobs()]
        recipe = Recipe.from_flat({{"metric": "scaled", "factor": "3"}})
        assert recipe.build("score").factor == 3.0
        assert recipe.to_flat()["factor"] == 3.0
        assert "factor" not in Recipe().to_flat()
        args = build_parser().parse_args(["recommend", "--user", "1", "--factor", "3"])
        assert args.recipe_factor == "3"
    """)
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_order_then_name_decides_the_picker() -> None:
    assert stage("score").names()[:3] == ("cosine", "euclidean", "dot")


def test_unknown_implementations_list_the_known() -> None:
    with pytest.raises(UnknownNameError, match="known: cosine"):
        Registry("score").get("cosin")


def test_a_folder_s_other_files_are_not_implementations() -> None:
    assert "pool" not in stage("select").names()
    assert core.score.__doc__


@pytest.mark.parametrize(
    ("raw", "value"), [("3", 3), (3.0, 3), ("3e0", 3), (7, 7)], ids=["text", "float", "exponent", "int"]
)
def test_whole_numbers_are_read_in_any_form(raw: object, value: int) -> None:
    assert Knob("n", int, 1, "a number", low=1, high=9).parse(raw) == value


@pytest.mark.parametrize("raw", ["", "x", "1.5", "inf", "nan", True, None, "10", "0"])
def test_what_is_no_whole_number_in_range_is_refused_by_name(raw: object) -> None:
    with pytest.raises(OutOfRangeError, match="n must be a whole number between 1 and 9, got"):
        Knob("n", int, 1, "a number", low=1, high=9).parse(raw)
