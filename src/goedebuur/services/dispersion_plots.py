"""Plots of how models agree with an experiment, as SVG that is the same each time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from goedebuur.services.dispersion_evaluation import Compared

COLOURS: Final = ("#0b5fa5", "#c1440e", "#6b6b6b")
"""Of the models, ours first: apart for who sees no red or green too."""
MARKERS: Final = ("o", "^", "s")
MOST, TOP = 600, 100
"""Of more pairs than the first are drawn so many: the highest all, the rest now and then."""
TWICE: Final = 2.0
"""Within which factor a model counts as right."""


def quantiles(compared: Compared) -> Figure:
    """Return the quantile-quantile plot: the values of each model against those measured, each sorted by itself."""
    import numpy as np
    from matplotlib.figure import Figure

    from goedebuur.core.dispersion import evaluation

    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot()
    ends: list[float] = []
    for (model, values), colour, marker in zip(compared.models.items(), COLOURS, MARKERS, strict=False):
        o, p = evaluation.quantiles(compared.measured, values)
        above = np.flatnonzero((o > 0) & (p > 0))
        if len(above) > MOST:
            some = np.linspace(0, len(above) - TOP - 1, MOST - TOP).astype(np.int64)
            above = np.concatenate([above[some], above[-TOP:]])
        axes.loglog(o[above], p[above], marker, color=colour, markerfacecolor="none", markersize=5, label=model)
        ends += [float(one[above].min()) for one in (o, p)] + [float(one[above].max()) for one in (o, p)]
    line = np.array([min(ends), max(ends)])
    for factor, style in ((1.0, "-"), (TWICE, ":"), (1 / TWICE, ":")):
        axes.loglog(line, factor * line, style, color="black", linewidth=0.8)
    axes.set(xlabel=f"measured [{compared.unit}]", ylabel=f"model [{compared.unit}]", title=compared.title)
    axes.legend(loc="upper left")
    return figure


def residuals(compared: Compared, kind: str) -> Figure:
    """Return the plot of residuals: each model over what was measured, by group.

    Boxes are from the first quarter to the last, ends at 5 and 95 %.
    """
    from matplotlib.figure import Figure

    from goedebuur.core.dispersion import evaluation

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes: Axes = figure.add_subplot()
    order = [group for group in compared.order[kind] if group in compared.groups[kind]]
    for at, ((model, values), colour) in enumerate(zip(compared.models.items(), COLOURS, strict=False)):
        found = evaluation.residuals(compared.measured, values, compared.groups[kind])
        places = [number + 1 + 0.25 * (at - (len(compared.models) - 1) / 2) for number in range(len(order))]
        axes.boxplot(
            [found[group] for group in order],
            positions=places,
            widths=0.2,
            whis=(5, 95),
            showfliers=False,
            manage_ticks=False,
            boxprops={"color": colour},
            whiskerprops={"color": colour},
            capprops={"color": colour},
            medianprops={"color": colour, "linewidth": 2},
        )
        axes.plot([], [], color=colour, label=model)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("{x:g}")
    for factor, style in ((1.0, "-"), (TWICE, ":"), (1 / TWICE, ":")):
        axes.axhline(factor, linestyle=style, color="black", linewidth=0.8)
    axes.set_xticks(range(1, len(order) + 1), [group.replace(", ", "\n") for group in order])
    axes.set(ylabel="model ÷ measured", title=f"{compared.title}, by {kind}")
    axes.legend(loc="best")
    return figure


def svg(figure: Figure) -> bytes:
    """Return a figure as SVG without a date, with its text as text."""
    import matplotlib

    sink = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "goedebuur", "svg.fonttype": "none"}):
        figure.savefig(sink, format="svg", metadata={"Date": None})
    return sink.getvalue()
