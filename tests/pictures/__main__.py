"""`python -m tests.pictures [drawings] [screenshots]`: make them, both unless one is named."""

import sys

from playwright.sync_api import sync_playwright

from tests import chromium
from tests.pictures import drawing, screenshots

# No sandbox, because a container has none to give; the rest keeps the browser from calling home.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--hide-scrollbars"]
PARTS = {"drawings": drawing.draw_all, "screenshots": screenshots.take_all}


def main(names: list[str]) -> int:
    """Make the parts named, in order; the number is what the process ends with."""
    if unknown := set(names) - set(PARTS):
        print(f"Not a part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    path = chromium.find()
    if path is None:
        print("The pictures need a Chromium: install it, or set CHROMIUM to its path.", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            for name in names or PARTS:
                PARTS[name](browser)
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
