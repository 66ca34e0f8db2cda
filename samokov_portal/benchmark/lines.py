"""What is measured. A further line is a further function in a module of its own, named in `LINES`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Ground:
    """Where is measured: the addresses of the database by role, the ports of the servers, how long each is driven."""

    administrator: str
    owner: str
    portal: int
    floor: int
    seconds: float
    # The rows that filling wrote, and in how many seconds.
    filled: tuple[int, float]


@dataclass(frozen=True)
class Result:
    """A line of the table: ours and its floor in the same unit, their ratio, and whether the bar holds.

    `bar` is said in words of the ratio (or of whatever it is about); `more` is what else was measured.
    """

    line: str
    unit: str
    ours: float
    floor: float
    floor_is: str
    bar: str
    holds: bool
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Ours to the floor; nothing where there is no floor, because it could not be measured."""
        return self.ours / self.floor if self.floor else 0.0

    def as_json(self) -> dict[str, Any]:
        """What stands in the file."""
        return {**asdict(self), "ratio": round(self.ratio, 3)}

    def __str__(self) -> str:
        verdict = "holds" if self.holds else "FAILS"
        more = ", ".join(f"{name} {value}" for name, value in self.more.items())
        return (
            f"{self.line:<34} {self.ours:>12,.2f} {self.floor:>12,.2f} {self.ratio:>7.2f}  {self.unit:<10} "
            f"{verdict:<6} {self.bar}  ({more})"
        )


HEADER = f"{'line':<34} {'ours':>12} {'floor':>12} {'ratio':>7}  {'unit':<10} {'bar':<6}"
Line = Callable[[Ground], Result]
