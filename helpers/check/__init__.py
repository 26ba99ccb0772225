"""Exercises that answer back; see `helpers.check.answer`."""

from helpers.check.benchmark import least_squares, trees_within
from helpers.check.dask_collections import rows_per_chunk, two_passengers
from helpers.check.dask_taxi import dearest_hour, distance_only
from helpers.check.evaluation import past_mean, pinball, r2_of_both
from helpers.check.flights import (
    column_of,
    day_of_the_cut,
    learn,
    loss_of_the_base_rate,
    on_a_circle,
    share_of_late,
    when_to_warn,
    without_weights,
)
from helpers.check.instances import bits_needed, fare_of_full_cars
from helpers.check.many_workers import even_shares, strategy_for_each, three_configs
from helpers.check.out_of_core import different_fares, rows_that_fit
from helpers.check.partial_fit import median_step, rare_weight, spread_of_both
from helpers.check.start_here import bytes_per_trip, trips_in_a_petabyte
from helpers.check.tf_distribute import order_of_steps, replica_loss, to_plus_minus_one
from helpers.check.which_one import best_interval, rows_in_memory, workers_kept_busy
from helpers.check.why_distribute import combined_gradient, weights_of_a_server, workers_in_six_minutes

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
