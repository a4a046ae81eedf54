"""Laws of the batcher: the same scores as alone, a bounded queue, nobody waits for ever, nobody pays for others."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.flow import Score
from service.scoring.batching import Batcher, BatcherClosed, Overloaded
from tests.api.scorers import GatedScorer, LetterScorer, score_letters


@pytest.fixture(scope="module")
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 30))


@settings(deadline=None)
@given(requests=st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=6), max_batch=st.integers(1, 5))
def test_a_batched_score_equals_the_score_alone(requests: list[list[str]], max_batch: int) -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(1) as pool:
            batcher = Batcher(LetterScorer(), pool, max_batch=max_batch)
            answers = await asyncio.gather(*(batcher.score(texts, ["cs"] * len(texts)) for texts in requests))
            assert answers == [[score_letters(text, "cs") for text in texts] for texts in requests]

    run(scenario)


def test_turns_that_wait_together_are_scored_together(executor: ThreadPoolExecutor) -> None:
    async def scenario() -> None:
        scorer = GatedScorer()
        batcher = Batcher(scorer, executor, max_batch=3)
        first = asyncio.create_task(batcher.score(["a"]))
        await asyncio.to_thread(scorer.entered.wait)
        others = [asyncio.create_task(batcher.score([text])) for text in "bcde"]
        while batcher.depth < 4:
            await asyncio.sleep(0)
        scorer.gate.set()
        await asyncio.gather(first, *others)
        assert scorer.calls == [["a"], ["b", "c", "d"], ["e"]]

    run(scenario)


def test_a_full_queue_refuses_at_once_and_takes_nothing_in(executor: ThreadPoolExecutor) -> None:
    async def scenario() -> None:
        scorer = GatedScorer()
        batcher = Batcher(scorer, executor, max_batch=1, max_queue=2)
        tasks = [asyncio.create_task(batcher.score(["a"]))]
        await asyncio.to_thread(scorer.entered.wait)
        tasks.append(asyncio.create_task(batcher.score(["b"])))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as refusal:
            await batcher.score(["c", "d"])
        assert refusal.value.retry_after_s >= 1
        assert batcher.depth == 1
        scorer.gate.set()
        assert len(await asyncio.gather(*tasks)) == 2

    run(scenario)


def test_a_request_larger_than_the_queue_is_taken_when_nothing_waits(executor: ThreadPoolExecutor) -> None:
    async def scenario() -> None:
        batcher = Batcher(LetterScorer(), executor, max_batch=2, max_queue=3)
        assert len(await batcher.score(["x"] * 10)) == 10

    run(scenario)


def test_who_stops_waiting_is_not_scored_and_others_are(executor: ThreadPoolExecutor) -> None:
    async def scenario() -> None:
        scorer = GatedScorer()
        batcher = Batcher(scorer, executor, max_batch=4)
        first = asyncio.create_task(batcher.score(["first"]))
        await asyncio.to_thread(scorer.entered.wait)
        gone, stays = asyncio.create_task(batcher.score(["gone"])), asyncio.create_task(batcher.score(["stays"]))
        while batcher.depth < 2:
            await asyncio.sleep(0)
        gone.cancel()
        first.cancel()
        await asyncio.wait({gone, first})
        scorer.gate.set()
        assert await stays == [score_letters("stays", "en")]
        assert scorer.calls == [["first"], ["stays"]]

    run(scenario)


class _Poisoned(LetterScorer):
    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        if "poison" in texts:
            raise ValueError("poison")
        return super().score(texts, languages)


def test_one_text_that_fails_does_not_fail_its_neighbours(executor: ThreadPoolExecutor) -> None:
    async def scenario() -> None:
        batcher = Batcher(_Poisoned(), executor)
        answers = await asyncio.gather(
            batcher.score(["a"]), batcher.score(["poison"]), batcher.score(["b"]), return_exceptions=True
        )
        assert answers[0] == [score_letters("a", "en")]
        assert isinstance(answers[1], ValueError)
        assert answers[2] == [score_letters("b", "en")]
        assert await batcher.score(["later"]) == [score_letters("later", "en")]

    run(scenario)


def test_closing_answers_who_waits_and_refuses_who_comes(executor: ThreadPoolExecutor) -> None:
    async def scenario() -> None:
        scorer = GatedScorer()
        batcher = Batcher(scorer, executor)
        waiting = asyncio.create_task(batcher.score(["a", "b"]))
        await asyncio.to_thread(scorer.entered.wait)
        closing = asyncio.create_task(batcher.close())
        await asyncio.sleep(0)
        with pytest.raises(BatcherClosed, match="shutting down"):
            await batcher.score(["late"])
        scorer.gate.set()
        await closing
        assert len(await waiting) == 2

    run(scenario)
