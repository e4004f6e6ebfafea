"""The command line: `python -m evidence <command>` (docs/contract/ holds its JSON).

`--json` prints one document on stdout and nothing else. Exit status: 0 done, 1 problems found, 2
wrong use. The commands are the files of `evidence/commands/`.
"""

from typing import Any

import typer
from typer.core import TyperGroup

from evidence.commands import OPENED, discover


class Guarded(TyperGroup):
    """All commands: a snapshot or a file of it that cannot be read is a sentence on stderr, exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        """The command that was asked for."""
        from evidence.observations import SnapshotFault

        OPENED.clear()
        status, result = 0, None
        try:
            result = super().invoke(ctx)
        except SnapshotFault as fault:
            typer.echo(str(fault), err=True)
            status = 1
        except typer.Exit as ending:
            status = ending.exit_code
        damaged = [
            f"{sentence}; it was left out (`{'import' if name in store.brought else 'refresh'}` mends it)"
            for store in OPENED
            for name, sentence in store.damaged.items()
        ]
        damaged += [store.private_fault for store in OPENED if store.private_fault]
        for sentence in damaged:
            typer.echo(sentence, err=True)
        if status or damaged:
            raise typer.Exit(status or 1)
        return result


app = typer.Typer(
    cls=Guarded,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Market narratives, checked against the flows.",
)
for _name, _module in discover().items():
    app.command(_name, epilog=f"Example: python -m evidence {_module.EXAMPLE}")(_module.command)
