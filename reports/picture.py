"""The README's pictures, by a headless Chromium (`make picture`): a first screen, and a flip."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SCREEN = ViewportSize(width=1280, height=640)


def take(pages: Path, folder: Path) -> None:
    """Write `picture.png` and `explorer.png` to `folder`, from the pages in `pages`.

    Raises
    ------
    FileNotFoundError
        There is no Chromium, or no page.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise FileNotFoundError(f"no browser; install one of {', '.join(BROWSERS)}")
    first, moved = pages / "ab_test.html", pages / "prior_sensitivity.html"
    for page in (first, moved):
        if not page.is_file():
            raise FileNotFoundError(f"{page} is missing; run `make reports` first")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        tab = opened.new_page(viewport=SCREEN, color_scheme="light")
        tab.goto(first.resolve().as_uri())
        tab.screenshot(path=folder / "picture.png")
        tab.goto(f"{moved.resolve().as_uri()}#does-the-prior-decide")
        _move_until_it_flips(tab)
        tab.locator(".explorer").screenshot(path=folder / "explorer.png")
        opened.close()


def _move_until_it_flips(page: Page) -> None:
    """Make the prior stronger until it decides otherwise, or cannot be made any stronger."""
    slider = page.locator(".explorer input").last
    for _ in range(int(slider.get_attribute("max") or 0)):
        slider.press("ArrowRight")
        if page.locator(".verdict.flips").count():
            return


if __name__ == "__main__":
    try:
        take(FOLDER / "html", FOLDER)
    except FileNotFoundError as error:
        sys.exit(str(error))
