"""TargetBar, what of the window depends on the target of the flow in front: selector, Run or Deploy, strip, nodes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.cluster.remote import Remote
from app.cluster.target_selector import TargetSelector
from app.page.flow_page import FlowPage
from app.theme.icon import icon
from app.window.whats_this import explain_panel
from engine.errors import NotFound, PyfiError

if TYPE_CHECKING:
    from app.cluster.nodes_panel import NodesPanel
    from app.window.main_window import MainWindow

_GOING = ("running", "paused", "broken")


class TargetBar(QObject):
    """Follows the page in front; what is chosen for a flow is chosen again when it is opened."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._remote: Remote | None = None
        self._has_nodes = False
        self.selector = TargetSelector(self._names)
        explain_panel(self.selector, "target")
        self.selector.chosen.connect(self._on_chosen)
        self.selector.managing_wanted.connect(window.commands.show_targets)
        window.page_shown.connect(self._on_page_shown)
        window.conductor.targets.changed.connect(self._on_target_changed)

    @cached_property
    def nodes(self) -> NodesPanel:
        """The panel of nodes, made when it is first wanted."""
        from app.cluster.nodes_panel import NodesPanel

        made = NodesPanel()
        made.enable_asked.connect(self._on_enable_asked)
        made.forget_asked.connect(self._on_forget_asked)
        made.show_remote(self._remote)
        self._has_nodes = True
        return made

    def recall(self, page: FlowPage) -> None:
        """Choose for a flow that was opened what was chosen for it last."""
        name = self._window.shelf.origins.target_of(page.book.id)
        if not name:
            return
        try:
            self._window.conductor.targets.choose(page, name)
        except NotFound:
            self._window.shelf.origins.choose_target(page.book.id, "")
        except PyfiError as error:
            self._window.tell(str(error))

    def _names(self) -> list[str]:
        try:
            return [target.name for target in self._window.conductor.targets.remotes.list()]
        except PyfiError as error:
            self._window.complain(str(error))
            return []

    def _on_chosen(self, name: str) -> None:
        page = self._window.page
        if page is None:
            return
        try:
            self._window.conductor.targets.choose(page, name)
        except PyfiError as error:
            self._window.complain(str(error))
        else:
            self._window.shelf.origins.choose_target(page.book.id, name)

    # -- what it shows

    def _on_target_changed(self, page: FlowPage) -> None:
        self._window.docks.log.show_place(page, self._window.conductor.targets.name_of(page))
        if page is self._window.page:
            self._on_page_shown(page)

    def _on_page_shown(self, page: FlowPage | None) -> None:
        remote = self._window.conductor.targets.remote_of(page) if page is not None else None
        self.selector.setEnabled(page is not None)
        if remote is not self._remote:
            if self._remote is not None:
                self._remote.feed.trouble_changed.disconnect(self._show_trouble)
            self._remote = remote
            if remote is not None:
                remote.feed.trouble_changed.connect(self._show_trouble)
            if self._has_nodes:
                self.nodes.show_remote(remote)
        name = remote.name if remote is not None else ""
        self.selector.show_target(name)
        self._window.strip.show_target(name)
        self._show_trouble(remote.feed.trouble if remote is not None else "")
        self._dress_run(deploys=bool(name))

    def _show_trouble(self, trouble: str) -> None:
        strip = self._window.strip
        if not trouble:
            strip.show_target_trouble("")
        elif self._remote is not None:
            words = self.tr("Live figures of “{0}” are away, so its database is asked every second: {1}")
            strip.show_target_trouble(words.format(self._remote.name, trouble))

    def _dress_run(self, *, deploys: bool) -> None:
        action = self._window.actions_by_id["run"]
        words = self.tr("&Deploy …") if deploys else QCoreApplication.translate("actions", "&Run")
        if action.text() != words:
            action.setText(words)
            action.setIcon(icon("deploy" if deploys else "run"))

    def update_actions(self, page: FlowPage | None, state: str) -> None:
        """Offer what can be done with the flow where it is."""
        actions = self._window.actions_by_id
        is_away = page is not None and bool(self._window.conductor.targets.name_of(page))
        actions["pause"].setEnabled(state in ("running", "broken"))
        actions["resume"].setEnabled(state == "paused")
        actions["start_deployed"].setEnabled(is_away and bool(state) and state not in _GOING)
        actions["undeploy"].setEnabled(is_away and bool(state))
        actions["scale"].setEnabled(is_away and bool(state) and actions["scale"].isEnabled())

    # -- nodes

    def _on_enable_asked(self, node: str, enabled: bool) -> None:
        if self._remote is not None:
            self._window.commands.go(self._order(self._remote, node, enabled=enabled))

    def _on_forget_asked(self, node: str) -> None:
        if self._remote is not None:
            self._window.commands.go(self._order(self._remote, node, enabled=None))

    async def _order(self, remote: Remote, node: str, *, enabled: bool | None) -> None:
        """Enable a node, disable it, or (None) forget it."""
        if enabled is None:
            await remote.link.ask(lambda cluster: cluster.forget_node(node))
        else:
            await remote.link.ask(lambda cluster: cluster.enable(node, enabled=enabled))
        remote.look()
