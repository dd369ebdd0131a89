from __future__ import annotations

import asyncio

import pytest

from engine.runtime.news import News
from tests.engine.runtime.disk import in_a_loop


@in_a_loop
async def test_everybody_who_waits_hears_it():
    news = News()
    waiters = [asyncio.ensure_future(news.after(0)) for _ in range(3)]
    await asyncio.sleep(0)
    news.tell()
    await asyncio.gather(*waiters)


@in_a_loop
async def test_what_happened_before_the_wait_began_ends_it():
    news = News()
    seen = news.count
    news.tell()
    await news.after(seen)


@in_a_loop
async def test_one_who_hears_and_waits_again_takes_nothing_from_another():
    news = News()
    # Given one who is about to wait, its task not yet begun,
    late = asyncio.ensure_future(news.after(news.count))
    # when something happens, and another, who has heard of it, waits for more at once,
    news.tell()
    again = asyncio.ensure_future(news.after(news.count, 60))
    # then the first does not wait.
    await late
    assert not again.done()
    news.tell()
    await again


@in_a_loop
async def test_the_wait_is_over_in_time_though_nothing_happened():
    news = News()
    await news.after(0, 0.001)
    assert news.count == 0
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(news.after(0), 0.01)
    news.tell()
