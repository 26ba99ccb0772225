"""Exercises that answer back; see `helpers.check.answer`."""

from helpers.check.n00 import bytes_per_trip, trips_in_a_petabyte
from helpers.check.n01 import combined_gradient, weights_of_a_server, workers_in_six_minutes
from helpers.check.n02 import different_fares, rows_that_fit
from helpers.check.n03 import bits_needed, fare_of_full_cars
from helpers.check.n04 import rows_per_chunk, two_passengers
from helpers.check.n05 import dearest_hour, distance_only
from helpers.check.n06 import median_step, rare_weight, spread_of_both

__all__ = [
    "bits_needed",
    "bytes_per_trip",
    "combined_gradient",
    "dearest_hour",
    "different_fares",
    "distance_only",
    "fare_of_full_cars",
    "median_step",
    "rare_weight",
    "rows_per_chunk",
    "rows_that_fit",
    "spread_of_both",
    "trips_in_a_petabyte",
    "two_passengers",
    "weights_of_a_server",
    "workers_in_six_minutes",
]
