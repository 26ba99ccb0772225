"""Kaggle's taxi trips, which only those get who have logged in there and accepted the rules."""

from __future__ import annotations

from pathlib import Path

KAGGLE = "new-york-city-taxi-fare-prediction"


def download() -> Path:
    """Bring Kaggle's ``train.csv`` with the package kagglehub.

    Raises
    ------
    OSError
        If the package is not installed, or Kaggle gives no file; the message says what to do.
    """
    by_hand = f"download train.csv by hand from kaggle.com/c/{KAGGLE}/data and pass its path to --kaggle"
    try:
        import kagglehub
    except ImportError as error:
        raise OSError(f"kagglehub is not installed: run `pip install kagglehub`, or {by_hand}") from error
    try:
        return Path(kagglehub.competition_download(KAGGLE, path="train.csv"))
    except Exception as error:  # its errors share no class; most often the token is missing or the rules not accepted
        reason = str(error).strip().partition("\n")[0]
        raise OSError(
            f"Kaggle gave no train.csv ({reason}): log in and accept the rules there, or {by_hand}"
        ) from error
