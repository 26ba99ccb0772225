"""What a plan rests on: what was measured on one machine, and what is assumed of all others."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

MAY_BE_ZERO = {
    "price_usd_per_hour", "message_s", "step_spread", "scheduler_s", "open_s", "failures_per_hour", "restart_min",
    "save_s",
}  # fmt: skip


class Numbers:
    """Finite numbers above 0; those in `MAY_BE_ZERO` may be 0 as well. Otherwise a ValueError names the field."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 <= value < math.inf or (value == 0 and field.name not in MAY_BE_ZERO):
                raise ValueError(f"{field.name} is {value}: a positive number is needed")


@dataclass(frozen=True, kw_only=True)
class Measured(Numbers):
    """What was measured on one machine."""

    rows_per_second: float  # of one core
    bytes_per_row: float  # on disk


@dataclass(frozen=True, kw_only=True)
class Assumptions(Numbers):
    """What a plan assumes: round numbers of a rented machine and a store, nobody's offer. Units stand in the names."""

    cores_per_machine: float = 16
    price_usd_per_hour: float = 0.80  # of a machine
    read_gb_per_s: float = 1  # that a machine reads from the store
    network_gbit_per_s: float = 10  # between machines
    message_s: float = 1e-4  # until a message between machines arrives
    model_mb: float = 10  # that machines exchange
    rows_between_syncs: float = 100e6  # that a machine learns from before all average
    step_spread: float = 0.05  # standard deviation of a step's time, as a share of it
    task_mb: float = 256  # data in a task of the scheduler
    scheduler_s: float = 1e-3  # of the scheduler, for one task
    file_mb: float = 256  # data in a file
    open_s: float = 0.1  # until the first byte of a file comes
    failures_per_hour: float = 1e-3  # of one machine
    restart_min: float = 5  # until work goes on after a failure
    checkpoint_min: float = 15  # between two checkpoints
    save_s: float = 30  # what a checkpoint takes


EXAMPLE = Assumptions()
