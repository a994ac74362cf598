"""The one error of this package that a user causes."""

from __future__ import annotations


class CaseError(Exception):
    """Input that can't be used: where it is, what is wrong with it, and how to fix it."""

    def __init__(self, where: object, what: str, fix: str) -> None:
        """The message is all three, in one line."""
        super().__init__(f"{where}: {what}; {fix}")
        self.where = str(where)
        self.what = what
        self.fix = fix
