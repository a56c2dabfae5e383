from tests.browser.test_journeys import *
def test_zz(hostile, server, open_page):
    page = open_page(f"{server.url}/compare?dataset={hostile}&k=5&colour=category")
    page.wait_for_timeout(1_500)
    for e in page.locator("img[src='x'], img[src*='192.0.2.1'], a[href*='192.0.2.1']").all(): print("FOUND", e.evaluate("e=>e.parentElement.parentElement.parentElement.outerHTML.slice(0,900)"))
    page.screenshot(path="/tmp/w/H7/hc.png", full_page=True)
    assert False
