from __future__ import annotations

import pytest

from engine.database.connect import Database
from engine.errors import IntegrityError, NotFound
from engine.stores.users import Role, UserStore


@pytest.fixture
def users(database: Database) -> UserStore:
    return UserStore(database)


def test_users_are_put_and_listed_without_their_hashes(users: UserStore) -> None:
    users.put("bob")
    users.put("ann", email="ann@example.org", password_hash="$argon2id$1")

    first, second = users.list()

    assert (first.name, first.email, first.enabled, first.roles) == ("ann", "ann@example.org", True, ())
    assert second.name == "bob"
    assert "argon2" not in repr(first)
    assert users.password_hash("ann") == "$argon2id$1"
    assert users.password_hash("bob") is None


def test_putting_again_keeps_the_password_and_the_date(users: UserStore) -> None:
    users.put("ann", password_hash="$argon2id$1")
    before = users.list()[0]
    users.put("ann", email="new@example.org")

    assert users.password_hash("ann") == "$argon2id$1"
    assert users.list()[0].created_at == before.created_at
    assert users.list()[0].email == "new@example.org"


def test_who_is_disabled_cannot_log_in_nor_do_anything(users: UserStore) -> None:
    users.put("ann", password_hash="$argon2id$1")
    users.put_role("editor", ["EDIT_FLOW"])
    users.assign("ann", ["editor"])
    assert users.privileges("ann") == {"EDIT_FLOW"}

    users.put("ann", enabled=False)

    assert users.password_hash("ann") is None
    assert users.privileges("ann") == set()


def test_roles_give_exactly_their_privileges(users: UserStore) -> None:
    users.put("ann")
    users.put_role("viewer", ["SEE_FLOW"])
    users.put_role("editor", ["EDIT_FLOW", "SEE_FLOW"], notes="may edit")
    users.assign("ann", ["viewer", "editor", "viewer"])
    users.put_role("viewer", ["SEE_NODE", "SEE_QUEUE"])

    assert users.roles() == [
        Role("editor", "may edit", ("EDIT_FLOW", "SEE_FLOW")),
        Role("viewer", "", ("SEE_NODE", "SEE_QUEUE")),
    ]
    assert users.list()[0].roles == ("editor", "viewer")
    assert users.privileges("ann") == {"EDIT_FLOW", "SEE_FLOW", "SEE_NODE", "SEE_QUEUE"}
    users.assign("ann", ["viewer"])
    assert users.privileges("ann") == {"SEE_NODE", "SEE_QUEUE"}


def test_renaming_keeps_the_roles(users: UserStore) -> None:
    users.put("ann")
    users.put("bob")
    users.put_role("viewer", ["SEE_FLOW"])
    users.assign("ann", ["viewer"])

    users.rename("ann", "anna")

    assert [(user.name, user.roles) for user in users.list()] == [("anna", ("viewer",)), ("bob", ())]
    with pytest.raises(IntegrityError, match="there already is one of that id or name"):
        users.rename("anna", "bob")


def test_what_is_missing_or_wrong_is_told(users: UserStore) -> None:
    users.put("ann")
    with pytest.raises(NotFound, match="there is no user 'anne'; did you mean 'ann'"):
        users.delete("anne")
    with pytest.raises(IntegrityError, match="role 'ghost': it refers to something that is not there"):
        users.assign("ann", ["ghost"])
    with pytest.raises(IntegrityError, match="user '': a user needs a name"):
        users.put("")
    users.delete("ann")
    assert users.list() == []
