"""What was measured, in lines for people."""

from collections.abc import Iterator, Sequence

from appointments.bench.measuring import Series

# What the figures are held against.
LARGE_TO_SMALL = 1.2
TO_BARE = {"times page": 10.0, "home page": 3.0, "topic page": 2.0}
BARE = "bare view"


def lines(
    sizes: Sequence[int],
    names: Sequence[str],
    series: Sequence[Sequence[Series]],
    alone: Sequence[Series],
    parts: dict[str, float],
) -> Iterator[str]:
    """A table with a column for each size; then the pages against the bare view, in turns and each by itself.

    `names` are those of `series`; `alone` are the first of them, measured by themselves.
    """
    head = "".join(f"{f'{size:,}':>14}" for size in sizes)
    yield f"{'stored appointments':<24}{head}{'large : small':>16}"
    for name, small, large in zip(names, *series, strict=True):
        yield f"{name:<12}{'queries':<12}{small.queries:>14}{large.queries:>14}"
        yield f"{'':<12}{'median':<12}{small.median:>11.2f} ms{large.median:>11.2f} ms" + _aim(
            large.ratio_to(small), LARGE_TO_SMALL
        )
        yield f"{'':<12}{'p95':<12}{small.p95:>11.2f} ms{large.p95:>11.2f} ms"
    bare = names.index(BARE)
    for place, name in enumerate(names[: len(alone)]):
        if place == bare:
            continue
        at_small, at_large = (found[place].ratio_to(found[bare]) for found in series)
        yield f"{f'{name} : {BARE}':<24}{at_small:>14.1f}" + _aim(at_large, TO_BARE[name], digits=1, width=14)
        mine, theirs = alone[place].median, alone[bare].median
        yield f"  each over and over, at {sizes[-1]:,}: {mine:.2f} ms : {theirs:.2f} ms = {mine / theirs:.1f}"
    whole = sum(parts.values())
    yield f"Where the time of the {names[0]} goes (at {sizes[-1]:,}, {whole:.2f} ms while watched):"
    for name, spent in parts.items():
        yield f"  {name:<22}{spent:>8.2f} ms{spent / whole:>7.0%}"


def _aim(ratio: float, aim: float, digits: int = 2, width: int = 16) -> str:
    return f"{ratio:>{width}.{digits}f}  (aim: at most {aim:g}{'' if ratio <= aim else ', MISSED'})"
