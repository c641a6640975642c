"""The README's picture: the first screen of a page, by a headless Chromium (`make picture`)."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def take(page: Path, picture: Path, *, width: int = 1100, height: int = 640) -> None:
    """Write a PNG of the top of `page`.

    Raises
    ------
    FileNotFoundError
        There is no Chromium, or no page.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise FileNotFoundError(f"no browser; install one of {', '.join(BROWSERS)}")
    if not page.is_file():
        raise FileNotFoundError(f"{page} is missing; run `make reports` first")
    with tempfile.TemporaryDirectory() as profile:
        size = f"--window-size={width},{height}"
        shot = [f"--screenshot={picture}", f"--user-data-dir={profile}", size]
        command = [browser, *FLAGS, *shot, page.resolve().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


if __name__ == "__main__":
    try:
        take(FOLDER / "html" / "ab_test.html", FOLDER / "picture.png")
    except FileNotFoundError as error:
        sys.exit(str(error))
