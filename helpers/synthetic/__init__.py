"""Endless tables that are made up: New York taxi trips, and drawn clothes. Label them so: "synthetic, seed 0"."""

from helpers.synthetic.clothes import garments
from helpers.synthetic.trips import BLOCK_ROWS, taxi_trips

__all__ = ["BLOCK_ROWS", "garments", "taxi_trips"]
