"""What a circuit's network reaches, as tables: its trials beside other methods, its deviations beside their limits."""

from statistics import mean, stdev

from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.studies.tables import Table


def list_trials(card: Card) -> Table:
    """Every protocol and method, mean ± standard deviation over seeds; alone, and with alike classes as one."""
    merges = bool(card.ambiguous)
    return Table(
        _("Trials"),
        (_("protocol"), _("method"), _("accuracy"), *((_("alike classes as one"),) if merges else ())),
        tuple(
            (
                trial.protocol,
                trial.method,
                say_spread(trial.accuracies),
                *((say_spread(trial.merged),) if merges else ()),
            )
            for trial in card.trials
        ),
        _("Mean ± standard deviation over seeds; every method got the same responses and folds."),
    )


def list_deviation_errors(card: Card) -> Table:
    """How wrong the deviation of each class is, beside the limit."""
    words = {name.key: name.words for name in card.classes}
    return Table(
        _("Errors of the deviation, in percentage points"),
        (_("class"), _("median"), _("nine of ten below"), _("limit of the median")),
        tuple(
            (words[each.key], f"{each.median:.1f}", f"{each.most:.1f}", f"{each.limit:.1f}")
            for each in card.deviation_errors
        ),
        _("The limit: what the tolerances of the other parts leave open, by the transfer function, without noise."),
    )


def say_spread(accuracies: tuple[float, ...]) -> str:
    """Mean ± standard deviation in per cent."""
    return f"{100 * mean(accuracies):.2f} ± {100 * stdev(accuracies):.2f} %"
