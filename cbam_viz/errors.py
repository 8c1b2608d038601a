"""The one error that is shown to a person as advice; everything else is a bug."""


class InputError(ValueError):
    """Something the user can put right.

    The message has three parts: what must hold, what was found (with the number), what to do.
    It is shown as it stands, so it is part of the interface and tests quote it.
    """
