"""The arguments: one module a case. `analyses/[!_]*.py` is the list of cases."""

import sys
from pathlib import Path

# `python -m analyses.<case>` puts the current folder first on the path, where a user's own `data/`
# or `models/` would hide ours.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
