"""gfv completion"""

from __future__ import annotations

import click

from gfv_sei.cli.options import write_out


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print a shell completion script.

    It completes commands, options, choices and file names when you press Tab.

    \b
    bash   echo 'eval "$(gfv completion bash)"' >> ~/.bashrc
    zsh    echo 'eval "$(gfv completion zsh)"' >> ~/.zshrc
    fish   gfv completion fish > ~/.config/fish/completions/gfv.fish

    Completion works in newly started shells. Bash must be 4.4 or later.
    """
    from click.shell_completion import ShellComplete, get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    root = ctx.find_root().command
    # The class of bash would start a bash here to look at its version; that is none of this command's business.
    write_out(ShellComplete.source(made(root, {}, "gfv", "_GFV_COMPLETE")))
