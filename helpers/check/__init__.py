"""Exercises that answer back; see `helpers.check.answer`."""

from helpers.check.n00 import bytes_per_trip, trips_in_a_petabyte
from helpers.check.n01 import combined_gradient, weights_of_a_server, workers_in_six_minutes
from helpers.check.n02 import different_fares, rows_that_fit
from helpers.check.n03 import bits_needed, fare_of_full_cars
from helpers.check.n04 import rows_per_chunk, two_passengers
from helpers.check.n05 import dearest_hour, distance_only
from helpers.check.n06 import median_step, rare_weight, spread_of_both
from helpers.check.n07 import past_mean, pinball, r2_of_both
from helpers.check.n08 import order_of_steps, replica_loss, to_plus_minus_one
from helpers.check.n09 import even_shares, strategy_for_each, three_configs
from helpers.check.n10 import (
    column_of,
    day_of_the_cut,
    learn,
    loss_of_the_base_rate,
    on_a_circle,
    share_of_late,
    when_to_warn,
    without_weights,
)
from helpers.check.n11 import least_squares, trees_within
from helpers.check.n12 import best_interval, rows_in_memory, workers_kept_busy

__all__ = [
    "best_interval",
    "bits_needed",
    "bytes_per_trip",
    "column_of",
    "combined_gradient",
    "day_of_the_cut",
    "dearest_hour",
    "different_fares",
    "distance_only",
    "even_shares",
    "fare_of_full_cars",
    "learn",
    "least_squares",
    "loss_of_the_base_rate",
    "median_step",
    "on_a_circle",
    "order_of_steps",
    "past_mean",
    "pinball",
    "r2_of_both",
    "rare_weight",
    "replica_loss",
    "rows_in_memory",
    "rows_per_chunk",
    "rows_that_fit",
    "share_of_late",
    "spread_of_both",
    "strategy_for_each",
    "three_configs",
    "to_plus_minus_one",
    "trees_within",
    "trips_in_a_petabyte",
    "two_passengers",
    "weights_of_a_server",
    "when_to_warn",
    "without_weights",
    "workers_in_six_minutes",
    "workers_kept_busy",
]
