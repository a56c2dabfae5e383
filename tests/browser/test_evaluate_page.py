"""The Evaluate page in a real browser: from an address without results to numbers that the command line repeats."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ui.evaluate_choices import FIRST
from ui.text import t

from .conftest import Server, overflow_px, serious_findings, settled
from .test_journeys import address, slider_of

ROOT = Path(__file__).resolve().parents[2]
QUICK = "strategies=popularity&strategies=item-knn"
pytestmark = pytest.mark.usefixtures("warm")
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def answer(warm: None) -> dict[str, Any]:
    """What the command line says of two quick strategies; it keeps their results, which the page then finds, and those
    of the strategies that the page compares at first."""
    found: dict[str, Any] = {}
    for names in (",".join(FIRST), "popularity,item-knn"):
        command = [sys.executable, "-m", "core", "evaluate", "--strategies", names, "--json"]
        found = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    return found


def verdict(page: Page) -> Locator:
    """The heading that tells who wins."""
    return page.locator("h3").first


def leave(page: Page, name: str) -> None:
    """Go to another page by its link."""
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url(f"**/{name.lower()}*")
    settled(page)
    page.wait_for_timeout(1_000)


def running(mark: str) -> int:
    """How many evaluations with a mark on their command line run on this machine."""
    said = subprocess.run(["ps", "-eww", "-o", "args"], check=True, capture_output=True, text=True).stdout
    return sum("-m core evaluate" in line and mark in line for line in said.splitlines())


def test_from_an_address_without_results_to_a_verdict(
    start_server: Callable[..., Server], open_page: Open, tmp_path: Path
) -> None:
    """A fresh server that has vectors and no results; Run pressed twice starts one job; a reload finds it again."""
    for kept in Path(os.environ["RECALLSCOPE_CACHE"]).iterdir():
        if kept.name != "evaluations":
            (tmp_path / kept.name).symlink_to(kept)
    server = start_server(env={"RECALLSCOPE_CACHE": str(tmp_path)})
    page = open_page(f"{server.url}/evaluate?{QUICK}&k=5&seed=4711&random_share=0.3&protocol=random")
    assert page.title() == "Evaluate · Recallscope"
    run = page.get_by_role("button", name=t("evaluate.run"))
    expect(run).to_be_visible()
    run.dblclick()
    expect(page.get_by_text(t("evaluate.job_title"), exact=True)).to_be_visible()
    assert running("--seed=4711") == 1
    expect(page.get_by_role("progressbar").first).to_be_visible()
    page.reload()
    expect(verdict(page)).to_contain_text("Item neighbours wins: Recall@5", timeout=60_000)
    assert running("--seed=4711") == 0
    assert len(list((tmp_path / "evaluations").iterdir())) == 2
    path, _ = address(page)
    assert path == "/evaluate"
    assert "random_share=0.3" in page.url


def test_the_slider_moves_every_figure_and_choices_stay(
    server: Server, open_page: Open, answer: dict[str, Any]
) -> None:
    page = open_page(f"{server.url}/evaluate?{QUICK}")
    mean = answer["strategies"]["item-knn"]["recall"]["mean"]
    expect(verdict(page)).to_contain_text(f"Recall@10 {mean:.3f}")
    board = page.locator(".st-key-evaluate-board")
    expect(board.locator("text", has_text="Recall@10")).to_be_visible()
    slider_of(page, "K").focus()
    page.keyboard.press("ArrowRight")
    expect(verdict(page)).to_contain_text("Recall@11")
    expect(board.locator("text", has_text="Recall@11")).to_be_visible()
    page.get_by_role("radio", name="ndcg").click()
    expect(verdict(page)).to_contain_text("NDCG@11")
    page.reload()
    settled(page)
    expect(verdict(page)).to_contain_text("NDCG@11")
    leave(page, "Recommend")
    expect(slider_of(page, "K")).to_have_value("11")
    assert address(page) == ("/recommend", {"k": "11"})
    leave(page, "Evaluate")
    expect(verdict(page)).to_contain_text("Item neighbours wins: NDCG@11")
    assert address(page)[1]["curve"] == "ndcg"


def test_the_way_back_leads_to_the_page_and_to_k(server: Server, open_page: Open, answer: dict[str, Any]) -> None:
    """On leaving, Streamlit may write the address more than once, so that one step back is not always enough, and the
    choices that only this page has may be gone from it; K, which pages share, is not."""
    page = open_page(f"{server.url}/evaluate?k=12")
    expect(verdict(page)).to_be_visible()
    leave(page, "Recommend")
    assert address(page) == ("/recommend", {"k": "12"})
    page.go_back()
    page.wait_for_url("**/evaluate*")
    settled(page)
    assert address(page) == ("/evaluate", {"k": "12"})
    expect(slider_of(page, "K")).to_have_value("12")


def test_what_is_taken_along_is_what_the_command_line_says(
    server: Server, open_page: Open, answer: dict[str, Any]
) -> None:
    page = open_page(f"{server.url}/evaluate?{QUICK}")
    with page.expect_download() as got:
        page.get_by_role("button", name=t("evaluate.export_json")).click()
    assert json.loads(got.value.path().read_text(encoding="utf-8")) == answer
    with page.expect_download() as got:
        page.get_by_role("button", name=t("evaluate.export_csv")).click()
    rows = list(csv.DictReader(got.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == sum(len(measures) for measures in answer["strategies"].values())
    for row in rows:
        one = answer["strategies"][row["strategy"]][row["metric"]]
        for part in ("mean", "low", "high"):
            assert float(row[part]) == pytest.approx(one[part], rel=1e-5, abs=1e-5)
        assert int(row["n"]) == one["n"]


def test_one_user_two_lists(server: Server, open_page: Open, answer: dict[str, Any]) -> None:
    """An address leads to a user; choosing another one, or swapping the two, is said in words."""
    page = open_page(f"{server.url}/evaluate?{QUICK}&closer=users&tested=15&a=popularity&b=item-knn")
    said = page.get_by_text("User 15: Recall@10 is")
    expect(said).to_contain_text("with Popularity")
    expect(said).to_contain_text("with Item neighbours")
    for name in ("Popularity", "Item neighbours"):
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    who = page.get_by_role("combobox", name=t("evaluate.who"))
    who.click()
    who.fill("30")
    page.get_by_role("option", name="30", exact=True).click()
    expect(page.get_by_text("User 30: Recall@10 is")).to_be_visible()
    assert address(page)[1]["tested"] == "30"


def test_values_in_the_address_that_cannot_be_used_are_said(
    server: Server, open_page: Open, answer: dict[str, Any]
) -> None:
    wrong = "strategies=magic&protocol=hot&closer=x&curve=y&k=500&warm_share=5&ease_l2=much&strategies=ease"
    page = open_page(f"{server.url}/evaluate?{QUICK}&{wrong}")
    said = " ".join(page.get_by_test_id("stAlert").all_inner_texts())
    for words in ("“magic”", "got hot", "got x", "got y", "got 500", "warm_share must be", "ease_l2 must be"):
        assert words in said


@pytest.mark.parametrize("closer", ["segments", "threshold", "users"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_results_are_accessible_and_fit_on_a_phone(
    closer: str, dark: bool, server: Server, open_page: Open, answer: dict[str, Any]
) -> None:
    page = open_page(f"{server.url}/evaluate?{QUICK}&closer={closer}", width=390, height=844, dark=dark)
    expect(verdict(page)).to_contain_text("wins")
    page.wait_for_timeout(1_500)
    assert serious_findings(page) == []
    assert overflow_px(page) == 0
