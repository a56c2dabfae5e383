"""The command line: one JSON object, exit codes, one-line errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--user", "99999"), "unknown user '99999'"),
        (("--user", "1", "--dataset", "nope"), "unknown data set 'nope'; known: movielens-small"),
        (("--user", "1", "--metric", "manhattan"), "unknown metric 'manhattan'; known: cosine, euclidean, dot"),
        (("--user", "1", "--k", "0"), "k must be a whole number between 1 and 9066 (the catalogue), got 0"),
        (("--user", "1", "--k", "9067"), "k must be a whole number between 1 and 9066 (the catalogue), got 9067"),
        (("--user", "1", "--threshold", "high"), "threshold must be a number, got 'high'"),
        (("--user", "1", "--nope", "3"), "unrecognized arguments: --nope 3"),
        (("--user=--1",), "unknown user '--1'"),
        (("--user", "1", "--nope", "a\nb"), "unrecognized arguments: --nope a b"),
        (("--users", "1,2", "--json", "--out", "x.csv"), "--json prints one user's answer"),
        (("--users", "all", "--out", "."), "--out must end in .parquet or .csv"),
        (("--users", "all"), "--users needs --out"),
        (("--users", "all", "--out", "x.txt"), "--out must end in .parquet or .csv, got x.txt"),
        ((), "one of the arguments --user --users is required"),
        (("--user", "1", "--template", "{nope}"), "nope"),
        (("--user", "1", "--diversity", "2"), "diversity must be a number between 0 and 1, got 2"),
        (("--user", "1", "--diversity", "abc"), "diversity must be a number between 0 and 1, got 'abc'"),
        (("--user", "1", "--diversify", "mrr"), "unknown diversify 'mrr'; known: mmr"),
        (("--user", "1", "--diversity", "0.5", "--pool", "5"), "pool must be at least k (10), got 5"),
        (("--user", "1", "--relevance-scale", "z"), "unknown relevance_scale 'z'; known: min-max, rank, score"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], flags: tuple[str, ...], words: str
) -> None:
    code, out, err = run(capsys, "recommend", *flags)
    assert code == 2
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_missing_verb_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys)
    assert code == 2
    assert err.count("\n") == 1


def test_datasets_are_listed_with_their_terms(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "datasets", "--json")
    first = json.loads(out)["datasets"][0]
    assert code == 0
    assert (first["name"], first["n_users"], first["n_items"], first["n_interactions"]) == (
        "movielens-small",
        671,
        9066,
        100004,
    )
    assert "non-commercial" in first["licence"]
    code, out, _ = run(capsys, "datasets")
    assert "671 users, 9,066 items, 100,004 interactions" in out


def test_help_starts_quickly_and_lists_recipe_flags() -> None:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "core", "recommend", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert time.perf_counter() - start < 10  # a hang, not a speed, is what this guards against
    for flag in ("--metric", "--half_life", "--half-life", "--postprocess", "--threshold"):
        assert flag in done.stdout


@pytest.mark.usefixtures("embedded")
class TestWarm:
    """With the vectors in the cache."""

    def answer(self, capsys: pytest.CaptureFixture[str], *flags: str) -> dict[str, Any]:
        code, out, err = run(capsys, "recommend", "--json", *flags)
        assert (code, err) == (0, "")
        found: dict[str, Any] = json.loads(out)
        return found

    def test_one_user_s_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        found = self.answer(capsys, "--dataset", "movielens-small", "--user", "1", "--k", "10", "--metric", "cosine")
        assert found["dataset"].keys() == {"name", "fingerprint", "n_users", "n_items", "n_interactions"}
        assert found["user_id"] == 1
        assert [item["rank"] for item in found["items"]] == list(range(1, 11))
        assert all(set(item) == {"rank", "item_id", "title", "score"} for item in found["items"])
        scores = [item["score"] for item in found["items"]]
        assert scores == sorted(scores, reverse=True)
        assert found["n_above_threshold"] == 9066 - 20
        assert found["timings_ms"]["total"] > 0
        assert found["recipe"]["metric"] == "cosine"

    def test_diversity_takes_from_the_pool_and_says_where_it_plays_no_part(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        plain = self.answer(capsys, "--user", "15", "--k", "50")
        unlike = self.answer(capsys, "--user", "15", "--diversity", "1", "--pool", "50")
        pool = {item["item_id"]: item["score"] for item in plain["items"]}
        assert {item["item_id"]: item["score"] for item in unlike["items"]}.items() <= pool.items()
        assert unlike["items"][0]["item_id"] == plain["items"][0]["item_id"]
        assert [item["item_id"] for item in unlike["items"]] != list(pool)[:10]
        assert unlike["notices"] == []
        code, out, err = run(capsys, "recommend", "--json", "--user", "15", "--diversity", "1", "--pool", "10")
        assert code == 0
        assert {item["item_id"] for item in json.loads(out)["items"]} == set(list(pool)[:10])
        assert "the pool holds 10 for a list of 10" in json.loads(out)["notices"][0]
        assert "the pool holds 10 for a list of 10" in err
        flags = ("--user", "15", "--select", "threshold", "--threshold", "0.3")
        code, out, err = run(capsys, "recommend", "--json", *flags, "--diversity", "1")
        assert code == 0
        assert json.loads(out)["items"] == self.answer(capsys, *flags)["items"]
        assert "diversity plays no part with select=threshold" in err

    @pytest.mark.parametrize("scale", ["min-max", "rank", "score"])
    def test_a_recipe_with_diversity_is_printed_whole(self, capsys: pytest.CaptureFixture[str], scale: str) -> None:
        first = self.answer(
            capsys, "--user", "15", "--diversity", "0.7", "--relevance-scale", scale, "--diversity-space", "ranked"
        )
        flags = [f"--{name}={value}" for name, value in first["recipe"].items() if value is not None]
        assert self.answer(capsys, "--user", "15", *flags)["items"] == first["items"]

    def test_the_printed_recipe_gives_the_same_list_again(self, capsys: pytest.CaptureFixture[str]) -> None:
        first = self.answer(capsys, "--user", "15", "--k", "7", "--half-life", "60", "--threshold", "0.2")
        flags = [f"--{name}={value}" for name, value in first["recipe"].items() if value is not None]
        assert self.answer(capsys, "--user", "15", *flags)["items"] == first["items"]

    def test_everybody_in_a_file_equals_one_by_one(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        from pyarrow import parquet

        out = tmp_path / "recs.parquet"
        assert run(capsys, "recommend", "--users", "all", "--k", "10", "--out", str(out))[0] == 0
        table = parquet.read_table(out)
        assert table.column_names == ["user_id", "item_id", "score", "rank", "strategy"]
        assert table.num_rows == 6710
        for user in (1, 15, 547, 671):
            mine = table.filter([value == user for value in table["user_id"].to_pylist()])
            items = self.answer(capsys, "--user", str(user), "--k", "10")["items"]
            assert mine["item_id"].to_pylist() == [item["item_id"] for item in items]
            np.testing.assert_allclose(mine["score"].to_pylist(), [item["score"] for item in items], atol=1e-6)

    def test_negative_numbers_are_values_in_any_form(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.answer(capsys, "--user", "1", "--threshold", "-1e-1")["recipe"]["threshold"] == -0.1

    def test_json_stays_json_beside_a_file(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        code, out, err = run(capsys, "recommend", "--user", "1", "--json", "--out", str(tmp_path / "a.csv"))
        assert code == 0
        assert json.loads(out)["user_id"] == 1
        assert "10 rows for 1 users written" in err

    def test_users_named_twice_are_ranked_once(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        out = tmp_path / "a.csv"
        assert run(capsys, "recommend", "--users", "2, 1,2", "--out", str(out))[0] == 0
        assert len(out.read_text().splitlines()) == 21

    def test_a_link_is_followed_and_a_folder_is_no_file(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        target, link, folder = tmp_path / "real.csv", tmp_path / "link.csv", tmp_path / "d.csv"
        target.write_text("old")
        link.symlink_to(target)
        folder.mkdir()
        assert run(capsys, "recommend", "--user", "1", "--out", str(link))[0] == 0
        assert link.is_symlink()
        assert target.read_text() != "old"
        code, _, err = run(capsys, "recommend", "--user", "1", "--out", str(folder))
        assert (code, err.count("\n")) == (2, 1)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["d.csv", "link.csv", "real.csv"]

    def test_embed_writes_the_vectors_as_they_are_ranked(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        vectors, ids = tmp_path / "v.npy", tmp_path / "ids.csv"
        assert run(capsys, "embed", "--dataset", "movielens-small", "--out", str(vectors), "--ids", str(ids))[0] == 0
        values = np.load(vectors)
        assert values.shape == (9066, 384)
        np.testing.assert_allclose(np.linalg.norm(values, axis=1), 1, atol=1e-5)
        lines = ids.read_text().splitlines()
        assert lines[0] == "item_id"
        assert len(lines) == 9067
        found = self.answer(capsys, "--user", "1", "--k", "3")
        place = {int(item): row for row, item in enumerate(lines[1:])}
        from core import load_dataset

        log = load_dataset("movielens-small").interactions
        own = log.history(0)
        liked = log.weights[own] * (log.weights[own] >= log.positive_from)
        user = liked @ values[log.items[own]]
        user = user / np.linalg.norm(user)
        for item in found["items"]:
            assert user @ values[place[item["item_id"]]] == pytest.approx(item["score"], abs=1e-5)

    def test_warm_recommend_never_imports_the_heavy_libraries(self) -> None:
        code = (
            "import sys; from core.__main__ import main; main(['recommend','--user','1','--json']);"
            "sys.stderr.write(','.join(m for m in ('torch','sentence_transformers','transformers','umap','numba',"
            "'pandas','sklearn') if m in sys.modules))"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stderr == ""

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_an_unwritable_target_is_one_line(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        code, _, err = run(capsys, "recommend", "--user", "1", "--out", str(tmp_path / "x.csv"))
        assert code == 2
        assert err.count("\n") == 1

    def test_a_missing_folder_is_one_line_and_leaves_nothing(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        code, _, err = run(capsys, "embed", "--out", str(tmp_path / "no" / "v.npy"))
        assert code == 2
        assert "does not exist" in err
        assert list(tmp_path.iterdir()) == []
