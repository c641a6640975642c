"""Run every case on its shipped data: `python -m analyses`."""

import subprocess
import sys
from pathlib import Path

from reports.page import HTML


def main() -> int:
    """Run all cases, each in a process of its own; one that fails does not stop the others.

    Return the worst exit code.
    """
    folder = Path(__file__).parent
    cases = sorted(path.stem for path in folder.glob("[!_]*.py"))
    commands = [[sys.executable, "-m", f"analyses.{case}"] for case in cases]
    codes = [
        subprocess.run(command, check=False, cwd=folder.parent).returncode for command in commands
    ]
    sys.stdout.write(f"reports: {(HTML / 'index.html').resolve()}\n")
    return max(codes, key=abs, default=0)


if __name__ == "__main__":
    sys.exit(main())
