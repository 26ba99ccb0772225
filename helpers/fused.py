"""The fastest way through the taxi trips: one compiled loop from raw columns to weights.

Used by the notebook that moves a script to a stream and by the benchmarks of streams. The numpy path writes 17 columns
to memory and reads them back three times; ``helpers.fused_loop`` does everything while the numbers are in the
processor's cache.
scikit-learn's `SGDRegressor` remains the definition of a step: tests hold the loop to it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from helpers import taxi
from helpers.fused_loop import CYCLES, learn

COLUMNS = len(taxi.FEATURES)


def partial_fit(model: SGDRegressor, trips: pa.RecordBatch, *, scaler: StandardScaler) -> tuple[int, float]:
    """Learn from a batch of raw trips, as ``model.partial_fit`` does from standardised features of the usable ones.

    Parameters
    ----------
    model : sklearn.linear_model.SGDRegressor
        With ``shuffle=False``, ``penalty=None``, and what else are defaults: squared error, "invscaling" with a power
        of 0.25, no averaging. Its ``coef_``, ``intercept_`` and ``t_`` are made or updated; weights are float64
        unless a first ``model.partial_fit`` made them float32.
    trips : pyarrow.RecordBatch
        With the columns of ``helpers.taxi.SCHEMA``; read where they lie, unless a column holds nulls.
    scaler : sklearn.preprocessing.StandardScaler
        Fitted to the 17 features, which it standardises.

    Returns
    -------
    rows : int
        Usable trips.
    squared_error : float
        Summed over them, each predicted before it was learned from.

    Raises
    ------
    ValueError
        If the model is set to something else or was fitted to other columns, the scaler does not fit, a column is
        missing, or the weights overflow. The model is then as it was before.
    """
    mean, scale = taxi.mean_and_scale(scaler)
    _check(model)
    pickup, *places, passengers, fares = taxi.columns_of(trips).values()
    if passengers.dtype != "i2":  # nulls made it float
        passengers = np.nan_to_num(passengers).astype("i2")
    columns = (pickup.view("i8"), *places, passengers, fares)
    for column in columns:
        column.flags.writeable = False  # as Arrow's memory is; else columns with nulls would be compiled for anew

    fitted = hasattr(model, "coef_")
    weights = model.coef_.copy() if fitted else np.zeros(COLUMNS)
    intercept, t = (model.intercept_[0], model.t_) if fitted else (0.0, 1.0)
    intercept, new_t, squared_error = learn(
        columns, CYCLES, mean, (1 / scale.astype("f8")).astype("f4"), weights, intercept, t, model.eta0
    )
    if not (np.isfinite(intercept) and np.isfinite(weights).all()):
        raise ValueError(f"the weights overflowed: choose a smaller eta0 than {model.eta0:g}, or another scaler")
    model.coef_, model.t_, model.n_features_in_ = weights, new_t, COLUMNS
    model.intercept_ = np.array([intercept], weights.dtype)
    return int(new_t - t), squared_error


def _check(model: SGDRegressor) -> None:
    wanted = {
        "loss": "squared_error",
        "penalty": None,
        "fit_intercept": True,
        "learning_rate": "invscaling",
        "power_t": 0.25,
        "shuffle": False,
        "average": False,
        "early_stopping": False,
    }
    for name, value in wanted.items():
        if getattr(model, name) != value:
            raise ValueError(f"the fused loop needs {name}={value!r}, not {getattr(model, name)!r}")
    if hasattr(model, "coef_") and (model.coef_.shape != (COLUMNS,) or model.coef_.dtype.kind != "f"):
        raise ValueError(
            f"the model was fitted to {model.coef_.size} columns, the loop computes {COLUMNS}: take a fresh model"
        )
