"""tmp"""

import click


@click.command("validate")
def command():
    pass
