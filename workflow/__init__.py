"""The shared statistics: models, trees and tables in; trees, tables and verdicts out.

Nothing here prints, draws or writes a page. Imports nothing of the other folders.
"""

import logging
import warnings

import pymc  # noqa: F401  (sets the level of its logger, so it comes first)
import pytensor

# With fastmath, a cold and a warm compile cache give different draws; without it they are the same
# bit for bit. It has to be off before anything compiles.
pytensor.config.numba__fastmath = False

# Their log lines are of no use on a report; what matters in them stands in its tables.
for name in ("pymc", "arviz_stats"):
    logging.getLogger(name).setLevel(logging.ERROR)
warnings.filterwarnings("ignore", message="PyTensor could not link to a BLAS", category=UserWarning)
warnings.filterwarnings("ignore", message="Numba will use object mode", category=UserWarning)
