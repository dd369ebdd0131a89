"""`pyfi serve`: the engine process."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--workspace", type=click.Path(path_type=Path), metavar="DIR", help="The workspace; the user's own if not given.")
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Where to listen; only this machine if not given.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), metavar="PORT", help="A free one if not given.")
@click.option(
    "--patience",
    default=30.0,
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="How long tasks may take to end when the engine is to end; 30 if not given.",
)
@click.option("--target", default="local", help="Serve the events of this cluster instead, to any number of clients.")
@click.pass_context
def serve(context: click.Context, workspace: Path | None, host: str, port: int, patience: float, target: str) -> None:
    """Own a workspace, and run flows for others: the desktop, other commands, anybody with the token.

    Where it can be reached, and the token, is in `engine.json` in the workspace, which only you can read. Flows that were
    deployed or running when it last ended go on. Ctrl+C or SIGTERM ends it in good order.

    With --target it runs nothing: it is a gateway, which tells WebSocket clients what happens on a cluster.
    """
    import asyncio

    from engine.api.server import EngineServer
    from engine.cli.terminal import say
    from engine.client.place import secrets, workspace_folder
    from engine.client.targets import LOCAL
    from engine.client.version import version
    from engine.settings import read_settings

    if target != LOCAL:
        context.exit(_serve_events(target, workspace, host, port))

    async def run() -> int:
        server = EngineServer(
            workspace_folder(workspace),
            host=host,
            port=port,
            version=version(),
            patience_s=patience,
            secret_values=secrets(),
            history_days=read_settings().history_days,
            said=say,
        )
        return await server.run()

    context.exit(asyncio.run(run()))


def _serve_events(name: str, workspace: Path | None, host: str, port: int) -> int:
    import asyncio

    from engine.api.gateway import Gateway
    from engine.cli.terminal import say
    from engine.client.place import workspace_folder
    from engine.client.targets import Targets
    from engine.client.version import version
    from engine.runtime.workspace import Workspace

    path = Workspace(workspace_folder(workspace)).folder / f"gateway-{name}.json"
    gateway = Gateway(Targets().find(name), path, host=host, port=port, version=version(), said=say)
    return asyncio.run(gateway.run())
