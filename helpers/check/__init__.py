"""Exercises that answer back; see `helpers.check.answer`."""

from helpers.check.n00 import bytes_per_trip, trips_in_a_petabyte
from helpers.check.n02 import batches_of_a_pass, rows_of_a_batch, rows_that_fit
from helpers.check.n04 import rows_per_chunk, two_passengers
from helpers.check.n05 import dearest_hour, distance_only

__all__ = [
    "batches_of_a_pass",
    "bytes_per_trip",
    "dearest_hour",
    "distance_only",
    "rows_of_a_batch",
    "rows_per_chunk",
    "rows_that_fit",
    "trips_in_a_petabyte",
    "two_passengers",
]
