"""The map component in a real Chromium: what it draws, what it keeps, what it sends, and what it answers to."""

from __future__ import annotations

import io
import re
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocket, expect

from ui import palette

OpenPage = Callable[..., Page]
APP = "tests/browser/apps/map_app.py"
ALONE = (14.0, 9.0)
"""Where item 0 of the made-up world lies, far from all others."""

NO_WEBGL = """
const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith('webgl') ? null : real.call(this, kind, ...rest);
};
"""


class MapPage:
    """One open map, in the words of its reader."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".map")
        self.stage = page.locator(".map-stage")
        self.tip = page.locator(".map-tip")
        self.chip = page.locator(".map-chip")

    def drawn(self) -> MapPage:
        expect(self.root).to_have_attribute("data-drawn", re.compile("."), timeout=30_000)
        return self

    def data(self, name: str) -> str:
        return self.root.get_attribute(f"data-{name}") or ""

    def camera(self) -> tuple[float, float, float]:
        """x, y of the middle, and pixels per unit."""
        x, y, scale = map(float, self.data("camera").split())
        return x, y, scale

    def box(self) -> dict[str, float]:
        found = self.stage.bounding_box()
        assert found is not None
        return dict(found)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the map is in the window."""
        cx, cy, scale = self.camera()
        left, top = self.middle()
        return left + (x - cx) * scale, top - (y - cy) * scale

    def under(self, px: float, py: float) -> tuple[float, float]:
        """The place of the map at a pixel of the window."""
        cx, cy, scale = self.camera()
        left, top = self.middle()
        return cx + (px - left) / scale, cy - (py - top) / scale

    def middle(self) -> tuple[float, float]:
        box = self.page.locator(".map-ink").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def after(self, act: Callable[[], Any]) -> None:
        """Do something and wait until another overlay is drawn."""
        before = self.data("drawn")
        act()
        expect(self.root).not_to_have_attribute("data-drawn", before)

    def slide(self, key: str = "ArrowRight") -> None:
        slider = self.page.get_by_role("slider", name="K")
        slider.focus()
        self.after(lambda: slider.press(key))

    def recolour(self, kind: str) -> None:
        before = self.data("colours")
        self.page.get_by_role("radio", name=kind).click()
        expect(self.root).not_to_have_attribute("data-colours", before)

    def drag(self, *places: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*places[0])
        mouse.down()
        for place in places[1:]:
            mouse.move(*place, steps=3)
        mouse.up()

    def still(self) -> tuple[float, float, float]:
        """The camera once it has stopped moving."""
        before, now = None, self.camera()
        while now != before:
            self.page.wait_for_timeout(120)
            before, now = now, self.camera()
        return now

    def python_knows(self, text: str) -> None:
        expect(self.page.get_by_text("python knows:")).to_contain_text(text)


@pytest.fixture(scope="module")
def map_url(start_server: Callable[..., Any]) -> str:
    return str(start_server(APP).url)


@pytest.fixture
def open_map(open_page: OpenPage, map_url: str) -> Callable[..., MapPage]:
    def open_one(query: str = "?n=9000", **options: Any) -> MapPage:
        return MapPage(open_page(f"{map_url}/{query}", **options)).drawn()

    return open_one


def ink_pixels(view: MapPage) -> int:
    """How many pixels of the mark canvas are not empty."""
    return int(
        view.page.locator(".map-ink").evaluate(
            """canvas => {
              const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              let count = 0;
              for (let i = 3; i < data.length; i += 4) count += data[i] > 0;
              return count;
            }"""
        )
    )


def pixels_of(view: MapPage, colour: str) -> int:
    """How many pixels of the mark canvas are of about that colour."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int(
        view.page.locator(".map-ink").evaluate(
            """(canvas, wanted) => {
              const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              let count = 0;
              for (let i = 0; i < data.length; i += 4)
                count += data[i + 3] > 250 && wanted.every((part, at) => Math.abs(data[i + at] - part) < 10);
              return count;
            }""",
            wanted,
        )
    )


def colours_shown(page: Page) -> int:
    """How many distinct strong colours the stage shows: few where no points are drawn."""
    picture = Image.open(io.BytesIO(page.locator(".map-points").screenshot())).convert("RGB")
    pixels = np.asarray(picture).reshape(-1, 3)
    strong = pixels[np.ptp(pixels.astype(int), axis=1) > 90]
    return len(np.unique(strong // 48, axis=0))


def test_camera_survives_slider_steps_and_a_change_of_colour(open_map: Callable[..., MapPage]) -> None:
    view = open_map()
    assert ink_pixels(view) > 0
    box = view.box()
    view.page.mouse.move(box["x"] + 300, box["y"] + 200)
    view.page.mouse.wheel(0, -700)
    camera = view.still()
    assert camera[2] > 0
    for _ in range(3):
        view.slide()
    view.python_knows("k=13")
    assert view.camera() == camera
    view.recolour("ramp")
    assert view.camera() == camera
    expect(view.page.locator(".map-legend")).to_contain_text("Score for this user")


def test_wheel_zooms_about_the_pointer_and_buttons_zoom_and_fit(open_map: Callable[..., MapPage]) -> None:
    view = open_map()
    start = view.camera()
    px, py = map(round, view.at(*ALONE))
    place = view.under(px, py)
    view.page.mouse.move(px, py)
    view.page.mouse.wheel(0, -480)
    assert view.still()[2] == pytest.approx(start[2] * 2.718, rel=0.01)
    assert view.under(px, py) == pytest.approx(place, abs=0.2 / start[2])
    view.button("Show everything (0)").click()
    assert view.still() == pytest.approx(start)
    view.button("Zoom in (+)").click()
    assert view.still()[2] == pytest.approx(start[2] * 1.7, rel=0.01)
    view.button("Zoom out (-)").click()
    assert view.still()[2] == pytest.approx(start[2], rel=0.01)
    view.button("Show the list").click()
    assert view.still()[2] > 2 * start[2]
    view.button("Show everything (0)").click()
    view.still()
    view.page.mouse.dblclick(*view.at(*ALONE))
    assert view.still()[2] == pytest.approx(start[2] * 2, rel=0.01)


def test_dragging_moves_the_map_by_as_much(open_map: Callable[..., MapPage]) -> None:
    view = open_map()
    x, y, scale = view.camera()
    box = view.box()
    start = (box["x"] + 400, box["y"] + 400)
    view.drag(start, (start[0] + 80, start[1] - 30))
    assert view.still() == pytest.approx((x - 80 / scale, y - 30 / scale, scale))
    view.python_knows("clicked=None")


def test_hover_shows_the_item_and_a_click_tells_python(open_map: Callable[..., MapPage]) -> None:
    view = open_map()
    x, y = view.at(*ALONE)
    view.page.mouse.move(x + 6, y + 4)
    expect(view.tip).to_be_visible()
    expect(view.tip.locator("strong")).to_have_text("The long way to number 0")
    expect(view.tip.locator("span")).to_contain_text("1930 · ")
    view.page.mouse.move(x - 60, y)
    expect(view.tip).to_be_hidden()
    view.page.mouse.click(x + 3, y)
    view.python_knows("clicked=0 ")
    expect(view.page.locator(".map-key")).to_contain_text("its neighbours")
    view.slide()
    view.python_knows("clicked=0 ")
    view.page.mouse.click(x - 60, y)
    view.python_knows("clicked=None")


def test_a_click_is_taken_back_even_if_the_page_does_not_mark_it(open_map: Callable[..., MapPage]) -> None:
    view = open_map("?n=9000&echo=0")
    x, y = view.at(*ALONE)
    view.page.mouse.click(x, y)
    view.python_knows("clicked=0 ")
    view.page.mouse.click(x - 60, y)
    view.python_knows("clicked=None")


def test_a_marked_item_says_what_it_is(open_map: Callable[..., MapPage]) -> None:
    view = open_map("?n=9000&phrase=1")
    view.button("Show the list").click()
    view.still()
    box = view.box()
    for dx in range(0, int(box["width"]), 12):
        for dy in (0.3, 0.4, 0.5, 0.6, 0.7):
            view.page.mouse.move(box["x"] + dx, box["y"] + box["height"] * dy)
            if re.search(r"No\. \d+ of the list", view.tip.text_content() or ""):
                return
    pytest.fail("no ranked item answered to the pointer")


def test_an_arrow_leads_from_what_left_to_what_entered(open_map: Callable[..., MapPage]) -> None:
    plain = open_map("?n=9000&dim=1")
    entered = palette.roles(False)["entered"]
    assert pixels_of(plain, entered) == 0
    expect(plain.page.locator(".map-legend")).not_to_contain_text("left the list")
    view = open_map("?n=9000&dim=1&arrows=1")
    assert pixels_of(view, entered) > 100
    assert pixels_of(view, palette.roles(False)["left"]) > 5
    for words in ("left the list", "to what entered"):
        expect(view.page.locator(".map-legend")).to_contain_text(words)
    expect(view.stage).to_have_attribute("aria-label", re.compile("1 items that left the list"))
    view.page.mouse.move(*view.at(*ALONE))
    expect(view.tip).to_contain_text("left the list")


def test_box_and_lasso_reach_python_as_outlines(open_map: Callable[..., MapPage]) -> None:
    view = open_map()
    x, y = view.at(*ALONE)
    view.button("Select with a box (B)").click()
    view.drag((x - 25, y - 25), (x + 25, y + 25))
    view.python_knows("region=box selected=1 ")
    expect(view.chip).to_contain_text("1 selected")
    camera = view.camera()
    view.button("Select with a lasso (L)").click()
    view.drag((x - 25, y), (x, y - 25), (x + 25, y), (x, y + 25))
    view.python_knows("region=lasso selected=1 ")
    assert view.camera() == camera
    box = view.box()
    mid = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    view.drag((mid[0] - 200, mid[1]), (mid[0], mid[1] - 180), (mid[0] + 220, mid[1] + 10), (mid[0] + 20, mid[1] + 90))
    expect(view.chip).not_to_contain_text("1 selected")
    many = view.data("selected")
    assert int(many) > 100
    view.python_knows(f"region=lasso selected={many} ")
    expect(view.page.locator('.map [aria-live="polite"]')).to_contain_text("selected")
    view.slide()
    view.python_knows(f"selected={many} ")
    assert view.data("selected") == many
    view.chip.click()
    view.python_knows("region=None selected=None")
    expect(view.chip).to_be_hidden()


def test_everything_works_from_the_keyboard(open_map: Callable[..., MapPage]) -> None:
    view = open_map()
    x, y, scale = view.camera()
    view.stage.focus()
    view.page.keyboard.press("ArrowRight")
    view.page.keyboard.press("ArrowUp")
    moved = view.still()
    assert moved == pytest.approx((x + 48 / scale, y + 48 / scale, scale))
    view.page.keyboard.press("+")
    assert view.still()[2] == pytest.approx(1.5 * scale, rel=0.01)
    view.page.keyboard.press("-")
    view.page.keyboard.press("0")
    assert view.still() == pytest.approx((x, y, scale))
    for key, mode in (("b", "box"), ("l", "lasso"), ("p", "pan")):
        view.page.keyboard.press(key)
        expect(view.root).to_have_attribute("data-mode", mode)
        expect(view.page.locator(f'[data-act="{mode}"]')).to_have_attribute("aria-pressed", "true")
    view.page.keyboard.press("b")
    px, py = view.at(*ALONE)
    view.drag((px - 25, py - 25), (px + 25, py + 25))
    view.python_knows("region=box selected=1 ")
    view.page.keyboard.press("Escape")
    view.python_knows("region=None")
    assert view.page.get_by_test_id("stDialog").count() == 0, "a letter reached a shortcut of the page"


def test_without_webgl_a_notice_and_the_simpler_chart(open_page: OpenPage, map_url: str) -> None:
    page = open_page(f"{map_url}/?n=50")
    page.add_init_script(NO_WEBGL)
    page.goto(f"{map_url}/?n=9000&titles=hostile")
    expect(page.locator(".map-notice")).to_contain_text("does not offer WebGL2")
    expect(page.locator(".map-stage")).to_be_hidden()
    expect(page.get_by_text("python knows:")).to_contain_text("webgl=False")
    expect(page.get_by_test_id("stPlotlyChart")).to_contain_text("2,500 of 9,000 items drawn")
    assert page.get_by_test_id("stPlotlyChart").locator("canvas").count() == 0


def test_a_lost_context_is_said_and_comes_back(open_map: Callable[..., MapPage]) -> None:
    view = open_map()
    assert colours_shown(view.page) > 3
    lose = "canvas => (window.held = canvas.getContext('webgl2').getExtension('WEBGL_lose_context')).loseContext()"
    view.page.locator(".map-points").evaluate(lose)
    expect(view.root).to_have_attribute("data-state", "lost")
    expect(view.page.locator(".map-notice")).to_contain_text("comes back by itself")
    view.page.wait_for_timeout(100)
    view.page.evaluate("window.held.restoreContext()")
    expect(view.root).to_have_attribute("data-state", "ready")
    expect(view.page.locator(".map-notice")).to_be_hidden()
    view.button("Zoom in (+)").click()
    view.still()
    assert colours_shown(view.page) > 3
    view.python_knows("webgl=True")


def test_a_hostile_title_is_text(open_map: Callable[..., MapPage]) -> None:
    view = open_map("?n=9000&titles=hostile")
    view.page.mouse.move(*view.at(*ALONE))
    expect(view.tip.locator("strong")).to_have_text(re.compile(r"<img src=x onerror=.*!\[x\]\(.*\) \$x\^2\$"))
    view.page.mouse.click(*view.at(*ALONE))
    view.python_knows("clicked=0 ")
    expect(view.stage).to_have_attribute("aria-label", re.compile("Chosen item: <img src=x"))
    assert view.page.locator(".map img").count() == 0
    assert view.page.title() != "broken"


def test_resizing_keeps_the_place_and_the_sharpness(open_map: Callable[..., MapPage]) -> None:
    view = open_map(device_scale_factor=2)
    view.page.mouse.move(*view.at(*ALONE))
    view.page.mouse.wheel(0, -300)
    x, y, _ = view.still()
    for width in (800, 390):
        view.page.set_viewport_size({"width": width, "height": 844})
        expect(view.page.locator(".map-points")).to_have_js_property(
            "width",
            2
            * int(view.stage.evaluate("async stage => (await new Promise(requestAnimationFrame), stage.clientWidth)")),
        )
        assert view.still()[:2] == pytest.approx((x, y))
        assert view.box()["x"] + view.box()["width"] <= width


def test_theme_follows_the_page_while_it_is_open(open_map: Callable[..., MapPage]) -> None:
    view = open_map()
    expect(view.root).not_to_have_attribute("data-dark", "")
    light = view.page.locator(".map-swatch i").first.evaluate("dot => dot.style.background")
    camera = view.camera()
    view.page.emulate_media(color_scheme="dark")
    expect(view.root).to_have_attribute("data-dark", "")
    dot = view.page.locator(".map-swatch i").first
    assert dot.evaluate("dot => dot.style.background") != light
    assert view.camera() == camera


def test_the_legend_highlights_a_category(open_map: Callable[..., MapPage]) -> None:
    view = open_map("?n=9000&user=0")
    before = colours_shown(view.page)
    entry = view.button("Highlight Thriller")
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "true")
    assert colours_shown(view.page) < before
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "false")


class Traffic:
    """Bytes of the web socket frames that reached a page."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)

    def _count(self, payload: bytes | str) -> None:
        self.received += len(payload)

    def during(self, view: MapPage, act: Callable[[], Any]) -> int:
        before = self.received
        act()
        view.page.wait_for_timeout(300)
        return self.received - before


@pytest.mark.parametrize("whole", ["", "&whole=1"])
def test_points_cross_the_wire_once(open_page: OpenPage, map_url: str, whole: str) -> None:
    page = open_page(f"{map_url}/?n=50")
    traffic = Traffic(page)
    page.goto(f"{map_url}/?n=30000{whole}")
    view = MapPage(page).drawn()
    page.wait_for_timeout(500)
    assert traffic.received > 30_000 * 8, "the points themselves"
    steps = [traffic.during(view, view.slide) for _ in range(4)]
    assert statistics.median(steps) < (20_000 if whole else 8_000), steps
    recolour = traffic.during(view, lambda: view.recolour("ramp"))
    assert 30_000 < recolour < 80_000, "codes of the new colours, not the points"
    again = traffic.during(view, view.slide)
    assert again < (20_000 if whole else 8_000)


def test_leaving_the_page_and_coming_back_finds_the_same_place(open_map: Callable[..., MapPage]) -> None:
    view = open_map("?n=9000&pages=1")
    view.page.mouse.move(*view.at(*ALONE))
    view.page.mouse.wheel(0, -500)
    camera = view.still()
    view.button("Select with a box (B)").click()
    x, y = view.at(*ALONE)
    view.drag((x - 25, y - 25), (x + 25, y + 25))
    view.python_knows("selected=1 ")
    switch = view.page.get_by_text("Map on the page")
    switch.click()
    expect(view.page.get_by_text("the map is away")).to_be_visible()
    expect(view.root).to_have_count(0)
    switch.click()
    view.drawn()
    assert view.still() == pytest.approx(camera)
    known = "selected=1 " if view.data("selected") else "selected=None"
    view.python_knows(known)


def test_reload_and_a_second_tab_draw_from_the_start(open_map: Callable[..., MapPage]) -> None:
    first = open_map()
    second = MapPage(first.page.context.new_page())
    second.page.goto(first.page.url)
    second.drawn()
    start = second.still()
    first.page.mouse.move(*first.at(*ALONE))
    first.page.mouse.wheel(0, -500)
    assert first.still()[2] > start[2]
    assert second.camera() == start
    first.page.reload()
    first.drawn()
    assert first.still() == pytest.approx(start)


def touch(page: Page, *frames: list[tuple[float, float]]) -> None:
    """Fingers down at the first frame, through the others, and up."""
    session = page.context.new_cdp_session(page)
    for i, frame in enumerate(frames):
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(frame)]
        kind = "touchStart" if i == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(250)


def test_a_phone_scrolls_past_the_map_until_it_is_tapped(open_map: Callable[..., MapPage]) -> None:
    view = open_map("?n=9000&head=0", width=390, height=844, has_touch=True, is_mobile=True)
    page = view.page
    start = view.camera()
    for button in page.locator(".map-button").all():
        size = button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 43.5
    box = view.box()
    mid = (box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7)
    touch(page, *[[(mid[0], mid[1] - 20 * step)] for step in range(10)])
    assert view.box()["y"] < box["y"] - 60, "a swipe over the map scrolls the page"
    assert view.camera() == start

    page.touchscreen.tap(mid[0] - 140, view.box()["y"] + 330)
    expect(view.root).to_have_attribute("data-active", "true")
    box = view.box()
    mid = (box["x"] + box["width"] / 2, box["y"] + 200)
    touch(page, *[[(mid[0], mid[1] - 10 * step)] for step in range(9)])
    assert view.box()["y"] == pytest.approx(box["y"], abs=1), "now the finger moves the map"
    moved = view.still()
    assert moved[1] < start[1]
    touch(page, *[[(mid[0] - 20 - 8 * step, mid[1]), (mid[0] + 20 + 8 * step, mid[1])] for step in range(8)])
    assert view.still()[2] > 2 * moved[2], "two fingers zoom"

    view.button("Back to scrolling").tap()
    expect(view.root).to_have_attribute("data-active", "false")


def test_a_tap_picks_an_item(open_map: Callable[..., MapPage]) -> None:
    view = open_map("?n=9000&head=0", width=390, height=844, has_touch=True, is_mobile=True)
    view.button("Show the list").tap()
    view.still()
    box = view.box()
    for step in range(40):
        view.page.touchscreen.tap(box["x"] + 60 + (step % 8) * 32, box["y"] + 150 + 30 * (step // 8))
        if view.data("hover").isdigit():
            break
    index = view.data("hover")
    assert index.isdigit()
    view.python_knows(f"clicked={index} ")
    expect(view.tip).to_contain_text(f"The long way to number {index}")


def test_nothing_serious_for_assistive_technology(open_map: Callable[..., MapPage]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    view = open_map("?n=9000&phrase=1")
    expect(view.stage).to_have_attribute("aria-label", re.compile(r"Map of 9,000 items.*10 recommended items"))
    found = Axe().run(view.page).response["violations"]
    inside = [
        f
        for f in found
        if f["impact"] in ("serious", "critical") and any(".map" in str(n["target"]) for n in f["nodes"])
    ]
    assert inside == []
