"""What was measured, in lines for people."""

from collections.abc import Iterator, Sequence

from appointments.bench.measuring import Series

# What the figures are held against.
LARGE_TO_SMALL = 1.2
TIMES_TO_BARE = 10.0


def lines(
    sizes: Sequence[int], names: Sequence[str], series: Sequence[Sequence[Series]], parts: dict[str, float]
) -> Iterator[str]:
    """A table with a column for each size; the actions are the bare view, the times page and the booking."""
    head = "".join(f"{f'{size:,}':>14}" for size in sizes)
    yield f"{'stored appointments':<24}{head}{'large : small':>16}"
    for place, name in enumerate(names):
        small, large = (found[place] for found in series)
        yield f"{name:<12}{'queries':<12}{small.queries:>14}{large.queries:>14}"
        yield f"{'':<12}{'median':<12}{small.median:>11.2f} ms{large.median:>11.2f} ms" + _aim(
            large.ratio_to(small), LARGE_TO_SMALL
        )
        yield f"{'':<12}{'p95':<12}{small.p95:>11.2f} ms{large.p95:>11.2f} ms"
    bare, times = names.index("bare view"), names.index("times page")
    small, large = (found[times].ratio_to(found[bare]) for found in series)
    yield f"{'times page : bare view':<24}{small:>14.1f}" + _aim(large, TIMES_TO_BARE, width=14)
    whole = sum(parts.values())
    yield f"Where the times page's time goes (at {sizes[-1]:,}, {whole:.2f} ms while watched):"
    for name, spent in parts.items():
        yield f"  {name:<22}{spent:>8.2f} ms{spent / whole:>7.0%}"


def _aim(ratio: float, aim: float, width: int = 16) -> str:
    return f"{ratio:>{width}.2f}  (aim: at most {aim:g}{'' if ratio <= aim else ', MISSED'})"
