"""Make the next items in a thread while the current one is used. Used wherever a loop reads ahead."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def prefetch(items: Iterable[Item], depth: int = 2) -> Iterator[Item]:
    """Make items in a thread while the caller uses earlier ones.

    Arrow, numpy and numba release Python's lock while they work, so both sides run at once. An exception of
    `items` is raised here, after the items before it. When the caller stops early, the thread ends as well.

    Parameters
    ----------
    items : iterable
        Used up by the thread; a generator is closed there.
    depth : int
        Items that wait at most, at least 1.

    Returns
    -------
    iterator
        The items, in order.

    Raises
    ------
    ValueError
        If `depth` is below 1.
    """
    if depth < 1:
        raise ValueError(f"depth is {depth}: at least 1 item must be able to wait")
    return _prefetch(items, depth)


def _prefetch(items: Iterable[Item], depth: int) -> Iterator[Item]:
    ready, free, stopped = queue.SimpleQueue(), threading.Semaphore(depth), threading.Event()

    def fill() -> None:
        iterator = iter(items)
        try:
            while True:
                free.acquire()  # first a free place, then the work: never more than `depth` items wait
                if stopped.is_set():
                    break
                ready.put((next(iterator), None))
        except StopIteration:
            ready.put((None, StopIteration))
        except BaseException as error:
            ready.put((None, error))
        finally:
            if hasattr(iterator, "close"):
                iterator.close()

    thread = threading.Thread(target=fill, name="prefetch", daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            if error is StopIteration:
                return
            if error is not None:
                raise error
            free.release()
            yield item
            del item  # the caller may have dropped it: do not keep it while waiting for the next
    finally:
        stopped.set()
        free.release()
        thread.join()
