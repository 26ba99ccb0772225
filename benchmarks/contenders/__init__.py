"""The same job in the idiom of many libraries, one short file each, for ``benchmarks.race``.

The job: read Parquet files of taxi trips in random order, keep the usable ones, compute the features, standardise
them where the model needs that, and train: a linear model in one pass, or 50 rounds of boosted trees of depth 6.
A file holds

- ``TITLE``, ``MODEL`` ("linear" or "trees"), and ``NEEDS``, the packages that it imports beside the kit's own;
- ``train(files)``, which returns a function from features (n, 17), not standardised, to predicted fares;
- ``features(files)``, where the library computes them itself: an array of the 17 features, and one of the fares;
- ``prepare()``, where something is compiled or started once for many runs: it is not timed;
- ``ROWS``, if it is too slow for all of them, and ``REMARK``, what a reader of the results should know.
"""

import numpy as np

from helpers import taxi

# Degrees, rounded to float32 as the columns of coordinates are: 1e-6 degrees are 10 cm.
CENTRE = tuple(map(float, np.float32(taxi.CENTRE)))
AIRPORTS = [tuple(map(float, np.float32(place))) for place in taxi.AIRPORTS.values()]

# The cosine of a latitude near the city, as helpers.taxi has it: c0 + c1 * m + c2 * m², m in radians from the centre.
COSINE = (np.cos(np.radians(CENTRE[1])), -np.sin(np.radians(CENTRE[1])), -np.cos(np.radians(CENTRE[1])) / 2)
COSINE = tuple(map(float, COSINE))
