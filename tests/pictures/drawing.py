"""The icons and the card, drawn from the clinic's mark."""

from dataclasses import dataclass
from pathlib import Path
from string import Template

from playwright.sync_api import Browser

from tests.pictures.files import BASE_DIR, write

HERE = Path(__file__).parent
MARK = BASE_DIR / "templates" / "includes" / "_mark.html"
STATIC = BASE_DIR / "ipsc" / "static" / "ipsc"
ICON_LIMIT, CARD_LIMIT = 15_000, 40_000


@dataclass(frozen=True)
class Icon:
    """`share` is the height of the mark in the icon, `radius` rounds its corners; both in CSS."""

    name: str
    size: int
    share: str
    radius: str = "0"


ICONS = (
    Icon("icon-192.png", 192, "72%", "22%"),
    Icon("icon-512.png", 512, "72%", "22%"),
    # A phone cuts these to a shape of its own; the mark stays within the circle that none of them touches.
    Icon("icon-maskable-512.png", 512, "56%"),
    Icon("apple-touch-icon.png", 180, "66%"),
)


def draw_all(browser: Browser) -> None:
    for icon in ICONS:
        content = filled("icon.html", share=icon.share, radius=icon.radius)
        write(STATIC / icon.name, drawn(browser, content, icon.size, icon.size), limit=ICON_LIMIT)
    write(STATIC / "card.png", drawn(browser, filled("card.html"), 1200, 630), limit=CARD_LIMIT)


def filled(name: str, **values: str) -> str:
    """A page beside this file with the mark and `values` in their places."""
    return Template((HERE / name).read_text()).substitute(mark=mark(), **values)


def mark() -> str:
    """The mark as the pages of the site have it, without the template's comment."""
    text = MARK.read_text()
    return text[text.index("<svg") :]


def drawn(browser: Browser, content: str, width: int, height: int) -> bytes:
    """A page of exactly this size as a PNG, transparent where the page is."""
    page = browser.new_page(viewport={"width": width, "height": height})
    try:
        page.set_content(content)
        return page.screenshot(omit_background=True)
    finally:
        page.close()
