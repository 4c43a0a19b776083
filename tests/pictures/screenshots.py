"""Two screenshots for README, of a demonstration with samples that is started for them and ended after them."""

from playwright.sync_api import Browser, BrowserContext

from tests.pictures.demonstration import demonstration
from tests.pictures.files import BASE_DIR, write

FOLDER = BASE_DIR / "docs" / "pictures"
LIMIT = 120_000
PHONE = {"width": 360, "height": 820}
DESK = {"width": 1280, "height": 800}


class WrongPage(Exception):
    """The page that came is not the one to be shown."""


def take_all(browser: Browser) -> None:
    """Both, with the clock of this moment: the demonstration fills the day round it.

    :raises WrongPage: a page did not come, as when signing in failed.
    """
    with demonstration() as site:
        phone = browser.new_context(
            base_url=site.url, viewport=PHONE, device_scale_factor=2, is_mobile=True, locale="hi-IN", **STILL
        )
        take(phone, "/hi/", "h1", "home-phone.png")
        desk = browser.new_context(base_url=site.url, viewport=DESK, locale="en-IN", **STILL)
        desk.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
        take(desk, "/admin/appointments/appointment/", "#result_list", "desk.png")


# The same picture from day to day as far as the day allows.
STILL = {"color_scheme": "light", "reduced_motion": "reduce", "timezone_id": "Asia/Kolkata"}


def take(context: BrowserContext, path: str, proof: str, name: str) -> None:
    """Write what one sees of the page at `path` without scrolling; `proof` is on the page that is meant."""
    page = context.new_page()
    response = page.goto(path, wait_until="networkidle")
    if response is None or not response.ok or not page.locator(proof).count():
        raise WrongPage(f"{path} did not show {proof} (status {response.status if response else 'none'}).")
    write(FOLDER / name, page.screenshot(animations="disabled"), limit=LIMIT)
    context.close()
