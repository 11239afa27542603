# SPDX-License-Identifier: GPL-3.0-or-later
"""What `describe` and `verify` return."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .columns import BYTES, PURE
from .page import preformatted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Description:
    """What a scenario will do, known before it runs."""

    document: dict[str, Any] = field(repr=False)
    """All that the program says, as `starling describe --json` prints it."""
    text: str = field(repr=False)
    """The same for people."""

    @property
    def arms(self) -> pd.DataFrame:
        """A row for each arm: its network, rates, memory, and the mean-square deviation that theory predicts (linear)."""
        import pandas as pd  # Here and not above, as in `frames`.

        rows = [_arm(arm) for arm in self.document["arms"]]
        frame = pd.DataFrame(rows)
        frame.attrs = {"rows": "arms", "units": {
            "agents": PURE, "edges": PURE, "mean_degree": PURE, "second_singular_value": PURE, "predicted_msd": PURE,
            "steps_per_second": "1/s", "messages_per_second": "1/s", "message_bytes": BYTES, "events": PURE, "memory": BYTES,
        }}
        return frame

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return preformatted(self.text)


def _arm(arm: dict[str, Any]) -> dict[str, Any]:
    network, rates, prediction = arm.get("network") or {}, arm.get("rates") or {}, arm.get("prediction") or {}
    return {
        "arm": arm["name"],
        **{name: network.get(name) for name in ("topology", "agents", "edges", "mean_degree", "second_singular_value")},
        **{name: rates.get(name) for name in ("steps_per_second", "messages_per_second", "message_bytes")},
        "predicted_msd": prediction.get("deviation"),
        "no_prediction": prediction.get("reason"),
        "events": arm.get("events"),
        "memory": arm.get("memory"),
    }


@dataclass(frozen=True)
class Verification:
    """What came of published closed forms that ran through the engine."""

    document: dict[str, Any] = field(repr=False)
    """All that the program says, as `starling verify --json` prints it."""
    passes: bool
    """Whether every check was met."""

    @property
    def checks(self) -> pd.DataFrame:
        """A row for each check: `expected` beside `seen`, and the share of the `bar` that lies between them."""
        import pandas as pd

        return pd.DataFrame(self.document["checks"])

    def __str__(self) -> str:
        checks = self.document["checks"]
        missed = sum(not check["passes"] for check in checks)
        return f"{len(checks)} checks, " + (f"{missed} missed" if missed else "all met")

    def _repr_html_(self) -> str:
        missed = [
            f"{check['reference']}: {check['quantity']}" for check in self.document["checks"] if not check["passes"]
        ]
        return preformatted("\n".join([str(self), *missed]))
