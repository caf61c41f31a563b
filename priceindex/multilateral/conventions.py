"""The conventions on which reputable packages disagree: each a named choice, recorded with every result.

The names of the packages that take each choice stand in docs/methodology.md.
"""

from typing import Literal

Formula = Literal["tornqvist", "fisher", "walsh", "jevons", "laspeyres", "geometric_laspeyres"]
"""The bilateral index that GEKS makes transitive; the last two give GEKS-L and GEKS-GL (Białek 2022)."""

Shares = Literal["matched", "full"]
"""Törnqvist's weights: shares of what the two periods have in common, or of all that was sold, rescaled."""

LinkWeights = Literal["equal", "by_value"]
"""GEKS: each period counts the same as a link, or by its share of the window's value (weighted GEKS)."""

Sample = Literal["all", "whole_window"]
"""Geary-Khamis and time product dummy: every product, or only those sold in every period of the window."""

Weighting = Literal["share", "value", "none"]
"""Time product dummy: each observation weighs its share of its period, its value, or one."""

Adjustment = Literal["none", "kennedy"]
"""Time product dummy: the exponential of the estimate as it is, or less half its variance (Kennedy 1981)."""

Splice = Literal["movement", "window", "half", "mean"]
"""Where the new window is linked to the series: its last month but one, first, middle, or all of them."""

SplicedOn = Literal["recomputed", "published"]
"""What it is linked to: the window before as computed then, or the series as published (WISP, HASP, mean)."""

HalfPosition = Literal["middle", "one_earlier"]
"""The half splice links at place (w-1)/2 of the new window counted from 0, or one before it."""

StartUp = Literal["first_window", "expanding"]
"""Before the first window is full: its own index as one, or an index over what there was each month."""

Repeats = Literal["refuse", "unit_value"]
"""Two rows of one product in one period: refused, or made one of the summed quantity at its mean price."""
