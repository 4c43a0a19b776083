"""What was measured, in lines for people."""

from collections.abc import Iterator, Sequence

from appointments.bench.measuring import Series

# What the figures are held against.
LARGE_TO_SMALL = 1.2
TIMES_TO_BARE = 10.0


def lines(
    sizes: Sequence[int],
    names: Sequence[str],
    series: Sequence[Sequence[Series]],
    alone: Sequence[Series],
    parts: dict[str, float],
) -> Iterator[str]:
    """A table with a column for each size. The first two actions are compared; `alone` are these two by themselves."""
    head = "".join(f"{f'{size:,}':>14}" for size in sizes)
    yield f"{'stored appointments':<24}{head}{'large : small':>16}"
    for name, small, large in zip(names, *series, strict=True):
        yield f"{name:<12}{'queries':<12}{small.queries:>14}{large.queries:>14}"
        yield f"{'':<12}{'median':<12}{small.median:>11.2f} ms{large.median:>11.2f} ms" + _aim(
            large.ratio_to(small), LARGE_TO_SMALL
        )
        yield f"{'':<12}{'p95':<12}{small.p95:>11.2f} ms{large.p95:>11.2f} ms"
    at_small, at_large = (found[0].ratio_to(found[1]) for found in series)
    yield f"{f'{names[0]} : {names[1]}':<24}{at_small:>14.1f}" + _aim(at_large, TIMES_TO_BARE, digits=1, width=14)
    page, bare = (each.median for each in alone)
    yield f"  each over and over, at {sizes[-1]:,}: {page:.2f} ms : {bare:.2f} ms = {page / bare:.1f}"
    whole = sum(parts.values())
    yield f"Where the time of the {names[0]} goes (at {sizes[-1]:,}, {whole:.2f} ms while watched):"
    for name, spent in parts.items():
        yield f"  {name:<22}{spent:>8.2f} ms{spent / whole:>7.0%}"


def _aim(ratio: float, aim: float, digits: int = 2, width: int = 16) -> str:
    return f"{ratio:>{width}.{digits}f}  (aim: at most {aim:g}{'' if ratio <= aim else ', MISSED'})"
