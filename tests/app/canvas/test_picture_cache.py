from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QPixmap

from app.canvas.paint.picture_cache import Picture, PictureCache

_SIDE = 10
_BYTES = 4 * _SIDE * _SIDE


def picture(version: int, side: int = _SIDE) -> Picture:
    return Picture(QPixmap(side, side), 1.0, version)


@given(steps=st.lists(st.tuples(st.sampled_from(["put", "get", "drop"]), st.integers(0, 6)), max_size=60))
def test_the_pictures_used_last_are_kept(qapp, steps):
    cache, kept = PictureCache(3 * _BYTES), dict[int, int]()
    for version, (what, row) in enumerate(steps):
        if what == "put":
            cache.put(row, picture(version))
            kept.pop(row, None)
            kept[row] = version
            if len(kept) > 3:
                del kept[next(iter(kept))]
        elif what == "drop":
            cache.drop(row)
            kept.pop(row, None)
        else:
            found = cache.get(row)
            assert (found.version if found else None) == kept.get(row)
            if row in kept:
                kept[row] = kept.pop(row)
    assert {row for row in range(7) if cache.get(row)} == set(kept)


def test_one_picture_larger_than_all_the_room_is_kept(qapp):
    cache = PictureCache(_BYTES)
    cache.put(1, picture(1))
    cache.put(2, picture(2, 100))
    assert cache.get(1) is None
    assert cache.get(2) is not None
    cache.put(3, picture(3))
    assert cache.get(2) is None
    cache.clear()
    assert cache.get(3) is None
