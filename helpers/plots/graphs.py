"""Draw a task graph with what pip installs, no graphviz: for the notebooks that show what Dask plans."""

from __future__ import annotations

import dask
import matplotlib.pyplot as plt
import networkx as nx
from dask._task_spec import Alias
from dask.core import get_dependencies
from dask.utils import key_split

from helpers.plots.style import show

MAX_TASKS = 120  # beyond that a drawing is a hairball


def task_graph(*collections) -> nx.DiGraph:
    """The tasks that ``dask.compute(*collections)`` would run, after Dask's optimisation.

    One node per task, with the attribute ``name`` (what it does); edges point the way data flows.

    Raises
    ------
    ValueError
        If there is no collection, or one that is not Dask's.
    """
    if not collections or not all(map(dask.is_dask_collection, collections)):
        raise ValueError(f"collections is {collections!r}: one or more of Dask's are needed, not yet computed")
    tasks = {}
    for collection in collections:
        # Data frames optimise themselves; a plan shared by several collections has the same keys in each.
        # (Asked of the type: a delayed object has any attribute that one asks for.)
        plan = collection.optimize() if hasattr(type(collection), "optimize") else dask.optimize(collection)[0]
        tasks.update(plan.__dask_graph__())
    graph = nx.DiGraph()
    graph.add_nodes_from((key, {"name": key_split(key)}) for key in tasks)
    for key in tasks:
        graph.add_edges_from((needed, key) for needed in get_dependencies(tasks, key))
    for alias in [key for key, task in tasks.items() if isinstance(task, Alias)]:  # another name, nothing to run
        graph.add_edges_from((before, after) for before in graph.pred[alias] for after in graph.succ[alias])
        graph.remove_node(alias)
    return graph


def draw(*collections, caption: str) -> None:
    """Draw the tasks from left to right: a task stands to the right of all it waits for. Over 120 are just counted."""
    graph = task_graph(*collections)
    if len(graph) > MAX_TASKS:
        print(f"{caption} {len(graph):,} tasks are too many to draw.")
        return
    layers = list(nx.topological_generations(graph))
    # Neighbours in a walk back from the results stand near each other, so that few arrows cross.
    results = [key for key in graph if not graph.out_degree(key)]
    walk = dict.fromkeys(key for result in results for key in nx.dfs_postorder_nodes(graph.reverse(), result))
    order = {key: number for number, key in enumerate(walk)}
    position = {}
    for x, layer in enumerate(layers):
        for rank, key in enumerate(sorted(layer, key=order.get)):
            position[key] = (x, 0.5 - (rank + 0.5) / len(layer))
    names = list(dict.fromkeys(graph.nodes[key]["name"] for layer in layers for key in layer))
    palette = plt.colormaps["tab10"]
    tallest = max(map(len, layers))
    figure, ax = plt.subplots(figsize=(8, min(6.0, 1.6 + 0.42 * tallest)), layout="constrained")
    nx.draw_networkx_edges(graph, position, ax=ax, edge_color="#999999", node_size=260, arrowsize=10)
    for number, name in enumerate(names):
        keys = [key for key in graph if graph.nodes[key]["name"] == name]
        look = {"node_size": 260, "node_color": [palette(number % 10)], "label": f"{name} × {len(keys)}"}
        nx.draw_networkx_nodes(graph, position, keys, ax=ax, **look)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=3, markerscale=0.6)
    ax.axis("off")
    counts = ", ".join(ax.get_legend_handles_labels()[1])
    show(figure, caption=caption, alt=f"Task graph from left to right: {counts}.", cite=False)
