"""The clocks: one function for each thing that falls due, grouped by what starts it.

To add one: write the function in its module, then its folder in examples/clocks/.
"""

from arpc.clocks import (
    after_report,
    council,
    court,
    follow_up,
    intake,
    northern_ireland,
    scotland,
    working,
)
from arpc.provisions import collect_clocks

ALL = tuple(
    collect_clocks(
        intake, working, after_report, follow_up, council, scotland, northern_ireland, court
    )
)
BY_ID = {clock.id: clock for clock in ALL}
