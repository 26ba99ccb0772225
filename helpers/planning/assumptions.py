"""What a plan rests on: what was measured on one machine, and what is assumed of all others."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

MAY_BE_ZERO = ("price_usd_per_hour", "message_s", "step_spread", "open_s", "failures_per_hour", "restart_min", "save_s")


@dataclass(frozen=True)
class Assumptions:
    """What a plan assumes of machines, store, network and data. Units stand in the names.

    Attributes
    ----------
    cores_per_machine : float
        Processor cores of a machine that work.
    price_usd_per_hour : float
        Of a machine.
    read_gb_per_s : float
        That a machine reads from the store.
    network_gbit_per_s : float
        Between machines.
    message_s : float
        Until a message between machines arrives.
    model_mb : float
        Of the model that machines exchange.
    rows_between_syncs : float
        That a machine learns from before all average.
    step_spread : float
        Standard deviation of a step's time, as a share of it.
    task_mb, file_mb : float
        Data in a task of the scheduler, and in a file.
    open_s : float
        Until the first byte of a file comes.
    failures_per_hour : float
        Of one machine.
    restart_min : float
        Until work goes on after a failure.
    checkpoint_min, save_s : float
        Between two checkpoints, and what one takes.

    Raises
    ------
    ValueError
        If a number is negative or not finite, or zero where it divides.
    """

    cores_per_machine: float
    price_usd_per_hour: float
    read_gb_per_s: float
    network_gbit_per_s: float
    message_s: float
    model_mb: float
    rows_between_syncs: float
    step_spread: float
    task_mb: float
    file_mb: float
    open_s: float
    failures_per_hour: float
    restart_min: float
    checkpoint_min: float
    save_s: float

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in MAY_BE_ZERO and value == 0:
                continue
            if not 0 < value < math.inf:
                raise ValueError(f"{field.name} is {value}: a positive number is needed")


EXAMPLE = Assumptions(  # round numbers of a rented machine and an object store; nobody's offer
    cores_per_machine=16,
    price_usd_per_hour=0.80,
    read_gb_per_s=1.0,
    network_gbit_per_s=10,
    message_s=1e-4,
    model_mb=10,
    rows_between_syncs=100e6,
    step_spread=0.05,
    task_mb=256,
    file_mb=256,
    open_s=0.1,
    failures_per_hour=1e-3,
    restart_min=5,
    checkpoint_min=15,
    save_s=30,
)


@dataclass(frozen=True)
class Measured:
    """What was measured on one machine.

    Attributes
    ----------
    rows_per_second : float
        Of one core.
    bytes_per_row : float
        On disk.
    scheduler_s : float
        Seconds of the scheduler for one task.
    """

    rows_per_second: float
    bytes_per_row: float
    scheduler_s: float

    def __post_init__(self) -> None:
        if not 0 < self.rows_per_second < math.inf or not 0 < self.bytes_per_row < math.inf or self.scheduler_s < 0:
            raise ValueError(f"{self} cannot have been measured: positive numbers are needed")
