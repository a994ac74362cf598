"""The command `python -m dh_advisor_plugin`."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m dh_advisor_plugin", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check",
        help="plays small runs to a plugin, in a process as in a host, and says which rules of the contract it keeps",
    )
    check.add_argument("folder", help="the folder that holds plugin.json")
    check.add_argument("--dh-advisor", default="dh-advisor", metavar="COMMAND", help="the host's command")
    options = parser.parse_args(arguments)
    command = shutil.which(options.dh_advisor)
    if command is None:
        print(
            f"{parser.prog}: there is no command `{options.dh_advisor}`, whose rules a plugin is checked by: "
            "install dh-advisor, or name it with --dh-advisor",
            file=sys.stderr,
        )
        return 2
    return subprocess.call([command, "plugin", "check", options.folder, "--python", sys.executable])


if __name__ == "__main__":
    sys.exit(main())
