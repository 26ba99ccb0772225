"""The small library behind the notebooks: one job per module, in the order data flows through them."""

from helpers.environment import caches

caches.fall_back()
