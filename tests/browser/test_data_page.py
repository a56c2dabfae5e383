"""A stranger's own files in a real browser: from odd column names to recommendations, and nothing lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Server, overflow_px, serious_findings, settled

Open = Callable[..., Page]
KINDS = ("lamp", "chair", "kettle", "bicycle")
WORDS = ("red", "steel", "wooden", "folding", "tiny", "garden", "silent", "antique", "cheap", "blue")
ITEMS = "Article No;Name;Wofür;Group\n" + "".join(
    f"{n:03};{WORDS[n % 10].title()} {KINDS[n % 4]};A {WORDS[n % 10]} {KINDS[n % 4]} for home, no. {n};{KINDS[n % 4]}\n"
    for n in range(40)
)
ROWS = [f"C-{n % 9};{(7 * n) % 40:03};{1 + n % 5}\n" for n in range(180)]
LOG = "Customer;Article No;Stars\n" + "".join([*ROWS, ROWS[0], ";001;4\n", "C-1;002;many\n", "C-2;999;5\n"])


@pytest.fixture(scope="module")
def own_server(start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server with a data folder of its own, so that no other test meets these sets."""
    return start_server(env={"RECALLSCOPE_DATA": str(tmp_path_factory.mktemp("own") / "data")})


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "bestellungen.csv").write_text(LOG, encoding="utf-8-sig")
    (folder / "artikel.csv").write_text(ITEMS, encoding="cp1252")
    (folder / "foto.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    return sorted(folder.iterdir())


def drop(page: Page, files: list[Path]) -> None:
    page.set_input_files('input[type="file"]', [str(file) for file in files])
    expect(page.get_by_text("Check what we understood")).to_be_visible(timeout=60_000)
    settled(page)


def pick(page: Page, box: Locator, option: str) -> None:
    """Choose in a select box by typing."""
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).first.click()
    settled_again(page)


def settled_again(page: Page) -> None:
    """Settled after something that makes the script run."""
    page.wait_for_timeout(500)
    settled(page)


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_from_own_files_to_recommendations(own_server: Server, shop: list[Path], open_page: Open) -> None:
    page = open_page(f"{own_server.url}/data")
    page.get_by_role("radio", name="import").click()
    settled_again(page)
    drop(page, shop)
    expect(page.get_by_text("PNG picture, not a table")).to_be_visible()
    top = page.get_by_role("button", name="Import", exact=True).first.bounding_box()
    assert top is not None
    assert top["y"] < 1000  # in the first window: nobody has to look for it
    expect(page.get_by_text("CSV, UTF-8 with BOM, separated by semicolons, 184 rows")).to_be_visible()
    title = page.get_by_role("combobox", name=re.compile("Title")).first
    pick(page, title, "Wofür")
    page.get_by_role("textbox", name="Name", exact=True).fill("Kleiner Laden")
    page.keyboard.press("Tab")
    settled_again(page)

    page.reload()  # in the middle: files and corrections are there again
    settled(page)
    assert len(parameters(page)["draft"][0]) == 16
    expect(page.get_by_role("combobox", name=re.compile("Title")).first).to_have_value("Wofür")
    expect(page.get_by_role("textbox", name="Short name")).to_have_value("kleiner-laden")

    page.get_by_role("button", name="Import", exact=True).first.click()
    expect(page.get_by_role("heading", name="Kleiner Laden is in")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("kleiner-laden", timeout=20_000)
    page.wait_for_url(re.compile("dataset=kleiner-laden"))
    settled_again(page)
    assert adds_up(page.get_by_text(re.compile(r"184 rows in")).inner_text())
    expect(page.get_by_role("button", name="Download the")).to_be_visible()
    expect(page.get_by_text("recommendations and a first map are ready")).to_be_visible(timeout=120_000)

    page.get_by_role("button", name="Recommend").click()
    expect(page.locator("ol.cards > li.card")).to_have_count(10, timeout=60_000)
    assert "no." in page.locator("ol.cards > li.card .title").first.inner_text()
    assert urlsplit(page.url).path == "/recommend"
    assert parameters(page)["dataset"] == ["kleiner-laden"]
    page.get_by_role("link", name="Data").first.click()
    expect(page.get_by_role("heading", name="Kleiner Laden is in")).to_be_visible(timeout=30_000)
    settled_again(page)
    page.reload()
    expect(page.get_by_role("heading", name="Kleiner Laden is in")).to_be_visible(timeout=30_000)


def adds_up(text: str) -> bool:
    rows_in, dropped, kept = (int(number.replace(",", "")) for number in re.findall(r"[\d,]+", text))
    return rows_in - dropped == kept and dropped >= 4


def test_kept_set_renamed_and_deleted_after_two_questions(
    own_server: Server, shop: list[Path], open_page: Open
) -> None:
    page = open_page(f"{own_server.url}/data?part=import")
    drop(page, shop)
    page.get_by_role("textbox", name="Name", exact=True).fill("Wegwerf")
    page.keyboard.press("Tab")
    settled_again(page)
    page.get_by_role("button", name="Import", exact=True).first.click()
    expect(page.get_by_role("heading", name="Wegwerf is in")).to_be_visible(timeout=60_000)
    page.get_by_role("radio", name="kept sets").click()
    settled_again(page)
    page.get_by_text("Source files, rename").first.click()
    page.get_by_role("button", name="Rename").first.click()
    page.get_by_role("textbox", name="Short name").fill("zz-weg")
    page.keyboard.press("Tab")
    settled_again(page)
    page.get_by_role("button", name="Save the name").click()
    settled_again(page)
    expect(page.get_by_role("heading", name="Wegwerf zz-weg")).to_be_visible()
    page.get_by_text("Source files, rename").first.click()
    page.get_by_role("button", name="Import anew").first.click()
    page.wait_for_url(re.compile("draft=[0-9a-f]{16}"))
    settled_again(page)
    page.reload()  # the draft stands in the address at once
    settled(page)
    expect(page.get_by_text("To import it anew")).to_be_visible()
    page.get_by_role("radio", name="kept sets").click()
    settled_again(page)
    page.get_by_text("Source files, rename").first.click()
    page.get_by_role("button", name="Delete …").first.click()
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.get_by_text("this cannot be undone")).to_be_visible()
    page.get_by_role("button", name="Delete for good").click()
    settled_again(page)
    expect(page.get_by_role("heading", name="Wegwerf zz-weg")).to_have_count(0)


def test_a_picture_and_a_file_too_large_get_a_sentence_each(
    own_server: Server, shop: list[Path], open_page: Open, tmp_path: Path
) -> None:
    with (tmp_path / "huge.csv").open("wb") as huge:
        huge.truncate(53 << 20)
    page = open_page(f"{own_server.url}/data?part=import")
    photo = next(file for file in shop if file.name == "foto.csv")
    drop(page, [photo, tmp_path / "huge.csv"])
    expect(page.get_by_text("huge.csv was not taken: it has 56 MB, and a file may have 50 MB here.")).to_be_visible()
    expect(page.get_by_text("python -m core import NAME")).to_be_visible()
    expect(page.get_by_text("PNG picture, not a table").first).to_be_visible()
    page.set_input_files('input[type="file"]', str(photo))
    expect(page.get_by_text("huge.csv was not taken")).to_have_count(0, timeout=20_000)
    expect(page.get_by_text("Before this can be imported")).to_be_visible()
    expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_part_is_accessible_and_fits_a_phone(
    dark: bool, own_server: Server, shop: list[Path], open_page: Open
) -> None:
    page = open_page(f"{own_server.url}/data?part=import", width=390, height=844, dark=dark)
    drop(page, shop)
    for part in ("import", "kept+sets", "understand"):
        page.goto(f"{own_server.url}/data?part={part}&draft={parameters(page).get('draft', [''])[0]}")
        settled(page)
        page.wait_for_timeout(1_500)
        assert serious_findings(page) == []
        assert overflow_px(page) == 0
