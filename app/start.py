"""Starts the desktop: options, the application, the event loop, the window."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.crash.watch import Watch
    from app.page.flow_page import FlowPage
    from app.window.main_window import MainWindow


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="pyfi app", description="Open the desktop, with a flow if one is given.")
    made.add_argument("flows", nargs="*", metavar="FLOW", help="a flow file, or the name of a stored flow; several: a tab each")
    made.add_argument("--new-window", action="store_true", help="also if a window is open already, which would take the flows")
    made.add_argument("--theme", choices=("system", "dark", "light"), help="default: as the settings say")
    made.add_argument("--language", metavar="CODE", help="such as de; default: as the settings say, else the system's")
    made.add_argument("--screenshot", metavar="PNG", type=Path, help="save a picture of the window and quit; needs no screen")
    made.add_argument("--size", metavar="WxH", type=_size, help="of the window; default: as it was last, of a picture 1440x900")
    made.add_argument("--wait", metavar="S", type=float, default=0.0, help="before the picture is taken, in seconds")
    made.add_argument("--target", metavar="NAME", help="show how the flow does on this cluster; default: as it was last shown")
    made.add_argument("--run", action="store_true", help="run the flow; on a cluster, deploy it as it is")
    return made


def _size(text: str) -> tuple[int, int]:
    try:
        width, _, height = text.partition("x")
        found = int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no size; write WIDTHxHEIGHT, such as 1600x900") from None
    if not all(100 <= side <= 20_000 for side in found):
        raise argparse.ArgumentTypeError(f"'{text}' is no size of a window; use 100 to 20000 pixels each way")
    return found


def start(arguments: Sequence[str]) -> int:
    """Open the main window and run until it is closed; returns the exit status."""
    options = parser().parse_args(arguments)
    if options.screenshot is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import qasync
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from app.collector import Collector
    from app.crash.watch import Watch

    qInstallMessageHandler(_on_qt_message)

    application = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(application, QApplication)
    application.setApplicationName("PYFI")
    application.setDesktopFileName("pyfi")
    application.setQuitOnLastWindowClosed(False)
    Collector(application)
    if _is_taken_over(options):
        return 0
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    watch = Watch(application) if options.screenshot is None else None
    with loop:
        status = loop.run_until_complete(_run(application, options, watch))
    if watch is not None:
        watch.close()
    return status


def _is_taken_over(options: argparse.Namespace) -> bool:
    """Whether a window that is open already shows the flows."""
    own = (options.new_window, options.run, options.target, options.screenshot, options.size, options.theme, options.language)
    if any(own) or not options.flows:
        return False
    from app.window.doorman import hand_over
    from engine.settings import data_folder

    return hand_over(options.flows, data_folder())


async def _run(application: object, options: argparse.Namespace, watch: Watch | None = None) -> int:
    from PySide6.QtWidgets import QApplication

    from app.document.shelf import Shelf
    from app.settings.language import speak
    from app.settings.store import Store, settings_file
    from app.window.looks import dress
    from app.window.main_window import MainWindow
    from engine.errors import PyfiError
    from engine.settings import data_folder

    assert isinstance(application, QApplication)
    store = Store(settings_file())
    store.theme_for_now = options.theme or os.environ.get("PYFI_THEME", "")
    speak(application, options.language or os.environ.get("PYFI_LANGUAGE", "") or store.settings.language)
    dress(application, store)
    window = MainWindow(Shelf(data_folder()), store=store)
    if store.remark:
        window.tell(store.remark)
    if options.screenshot is None:
        window.docks.restore()
    if options.size is not None:
        window.resize(*options.size)
    window.show()
    if watch is not None:
        watch.watch_loop(asyncio.get_running_loop())
        window.trouble.follow(watch.catcher)
        window.open_door(data_folder())
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    status = 0
    for flow in options.flows:
        try:
            page = await window.open_book(window.shelf.open(flow))
            if options.target is not None:
                window.conductor.targets.choose(page, options.target)
            if options.run:
                await _run_flow(window, page)
        except PyfiError as error:
            window.tell(str(error))
            status = 2
            if options.screenshot is not None:
                _complain(str(error))
    if options.screenshot is not None:
        if status == 0:
            status = await _take_picture(window, options)
        await window.farewell.shut(stop=False, ask=False)
    await closed.wait()
    return status


async def _run_flow(window: MainWindow, page: FlowPage) -> None:
    """Have a flow run on the target that its page shows, as it is drawn."""
    remote = window.conductor.targets.remote_of(page)
    if remote is None:
        await window.conductor.run(page)
        return
    from engine.client.flow import Opened

    opened = Opened(page.document.flow, page.document.folder, page.title)
    await remote.link.ask(lambda cluster: cluster.deploy(opened))
    remote.link.look()


async def _take_picture(window: MainWindow, options: argparse.Namespace) -> int:
    """Save what a person would see."""
    while not window.first_paint.is_through:  # noqa: ASYNC110 - panels that are made after the window is painted
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3 + options.wait)
    if not window.grab().save(str(options.screenshot)):
        _complain(f"{options.screenshot} cannot be written; check its folder and its ending (.png)")
        return 1
    return 0


def _on_qt_message(kind: object, context: object, text: str) -> None:
    """What Qt says goes to stderr, but for what it always says without a screen."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")
        logging.getLogger("app.qt").warning("%s", text)


def _complain(text: str) -> None:
    sys.stderr.write(f"pyfi: {text}\n")
