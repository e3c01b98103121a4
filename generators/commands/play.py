"""gfv play"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generators.commands.options import decoder_option, generator_option, provider_option, threads_option
from generators.commands.values import rate
from gfv_sei.cli.options import QUIET, complain, examples, note, read_syntax_option, stream_argument, talk

if TYPE_CHECKING:
    from generators.play.feed import Feed
    from generators.play.producer import Producer

_DESERTED = 3.0  # seconds without any client after which the last one counts as gone


@click.command("play", epilog=examples("gfv play face.266"))
@stream_argument
@generator_option
@click.option("--id", "--gfv-id", "gfv_id", type=click.IntRange(0), help="Face to play, by gfv_id. Default: the first.")
@click.option("--fps", default="25", show_default=True, metavar="RATE", help="Picture rate.")
@click.option("--loop", is_flag=True, help="Start over at the end.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the server. Default: any free port.")
@click.option("--once", is_flag=True, help="Exit when the last browser has disconnected.")
@decoder_option
@provider_option
@threads_option
@read_syntax_option
def command(
    stream: str,
    generator: str,
    gfv_id: int | None,
    fps: str,
    loop: bool,
    port: int,
    once: bool,
    decoder: str,
    provider: str,
    threads: int,
    syntax: str,
) -> None:
    """Play IN in a browser on this machine, as it is generated.

    The page shows generated pictures beside the base picture, with parameters and bits as they arrive. The address of
    the page is printed; it can only be reached from this machine, and only with the secret part of the address. Playing
    begins when the page is opened. Press Ctrl-C to stop.
    """
    import threading

    from generators.pipeline.decode import Player, Settings
    from generators.play.feed import Feed
    from generators.play.producer import Producer
    from generators.play.server import Server
    from generators.registry import load_generator
    from gfv_sei.errors import GfvError
    from gfv_sei.stream.source import as_file

    speed = float(rate(fps))
    network = load_generator(generator, provider=provider, threads=threads)
    quiet = talk() == QUIET  # notes come out of another thread, which has no click context

    def tell(text: str) -> None:
        if not quiet:
            complain(text)

    feed = Feed()
    with as_file(stream) as path:
        settings = Settings(gfv_id=gfv_id)
        producer = Producer(
            feed, lambda: Player(network, note=tell, settings=settings).play(path, decoder, syntax), speed, loop
        )
        try:
            producer.start()
            try:
                server = Server(feed, "standard input" if stream == "-" else Path(stream).name, port)
            except OSError as error:
                raise GfvError(f"cannot listen on port {port}: {error.strerror}") from error
            with server:
                serving = threading.Thread(target=server.serve_forever, args=(0.1,), name="server", daemon=True)
                serving.start()
                try:
                    click.echo(server.url)
                    _wait(producer, feed, once)
                except KeyboardInterrupt:
                    note("closed")
                finally:
                    server.shutdown()
                    serving.join()
        finally:
            producer.close()


def _wait(producer: Producer, feed: Feed, once: bool) -> None:
    """Until there is nothing more to wait for; without ``once`` that is an interrupt or an error."""
    import time

    while not (once and feed.deserted(_DESERTED)):
        time.sleep(0.1)
        if producer.error is not None:
            raise producer.error
