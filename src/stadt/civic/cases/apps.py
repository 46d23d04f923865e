"""Identity of the cases."""

from stadt.core.application import Application


class Cases(Application):
    """What people asked for or told the city: types as data, states, clock, history, assignment and search."""

    name = "stadt.civic.cases"
    label = "cases"
    title = "Vorgänge"
