"""What the exercises are given in tests: one module per notebook, whose ``cases()`` yields, for each exercise, the
function of ``helpers.check``, what it is given beside the answer, right answers, and wrong ones with a hint each."""

from types import SimpleNamespace

import dask.dataframe as dd

from helpers import synthetic, taxi

TRIPS = SimpleNamespace(rows=1_000, bytes=25_000)
USABLE = taxi.clean(dd.from_pandas(synthetic.taxi_trips(0, 30_000).to_pandas(), npartitions=2))
