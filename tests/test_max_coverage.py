"""Is no choice of sets better than the one that is called exact, and is the bound of the greedy one a bound?"""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunelit.analysis.planning.max_coverage import GUARANTEE, NOTHING, Choice, Reach, best, greedy, upper_bound

ELEMENTS = 8
masks = st.integers(0, 2**ELEMENTS - 1)
reaches = st.builds(Reach, masks, masks)
instances = st.tuples(st.lists(reaches, max_size=8), st.integers(1, 5), st.one_of(st.just(NOTHING), reaches))
of_one_kind = st.tuples(st.lists(st.builds(Reach, st.just(0), masks), max_size=8), st.integers(1, 5))


def elements(mask: int) -> set[int]:
    return {at for at in range(ELEMENTS) if mask >> at & 1}


def counted(sets: list[Reach], chosen: tuple[int, ...], start: Reach) -> tuple[int, int]:
    """How many elements of each kind, by sets of Python."""
    together = [start, *(sets[one] for one in chosen)]
    first = set().union(*(elements(one.first) for one in together))
    second = set().union(*(elements(one.second) for one in together))
    return len(first), len(second)


def every(sets: list[Reach], budget: int, start: Reach) -> list[tuple[int, int]]:
    """What each choice of no more than ``budget`` sets reaches."""
    sizes = range(min(budget, len(sets)) + 1)
    return [counted(sets, chosen, start) for size in sizes for chosen in combinations(range(len(sets)), size)]


@given(instances)
def test_exact_choice_is_the_best_of_all(instance: tuple[list[Reach], int, Reach]) -> None:
    sets, budget, start = instance
    found = best(sets, budget, start)
    assert found.exact
    assert len(found.chosen) <= budget
    assert counted(sets, found.chosen, start) == found.at_most == max(every(sets, budget, start))


@given(instances)
def test_what_is_reached_is_counted_after_each(instance: tuple[list[Reach], int, Reach]) -> None:
    sets, budget, start = instance
    found = best(sets, budget, start)
    wanted = [counted(sets, found.chosen[:many], start) for many in range(1, len(found.chosen) + 1)]
    assert list(found.reached) == wanted


@given(instances)
def test_no_choice_exceeds_the_bound_of_the_greedy_one(instance: tuple[list[Reach], int, Reach]) -> None:
    sets, budget, start = instance
    found = best(sets, budget, start, looks=-1)
    reached = counted(sets, found.chosen, start)
    assert found == Choice(greedy(sets, budget, start), found.reached, reached == found.at_most, found.at_most)
    assert all(first <= found.at_most[0] and second <= found.at_most[1] for first, second in every(sets, budget, start))


@given(of_one_kind)
def test_greedy_choice_reaches_its_share_of_the_best(instance: tuple[list[Reach], int]) -> None:
    sets, budget = instance
    _, reached = counted(sets, greedy(sets, budget), NOTHING)
    assert reached >= GUARANTEE * max(every(sets, budget, NOTHING))[1]


@given(instances)
def test_every_set_gains_and_the_first_gains_most(instance: tuple[list[Reach], int, Reach]) -> None:
    sets, budget, start = instance
    chosen = greedy(sets, budget, start)
    steps = [counted(sets, chosen[:many], start) for many in range(len(chosen) + 1)]
    assert steps == sorted(set(steps))
    assert len(chosen) == 0 or steps[1] == max(every(sets, 1, start))


def test_greedy_is_beaten_where_it_must_be() -> None:
    sets = [Reach(0, 0b001111), Reach(0, 0b010011), Reach(0, 0b101100)]
    assert (greedy(sets, 2), best(sets, 2).chosen) == ((0, 1), (1, 2))


def test_the_first_kind_comes_before_any_number_of_the_second() -> None:
    sets = [Reach(0b0, 0b11111111), Reach(0b1, 0b1)]
    assert best(sets, 1).chosen == (1,)


def test_of_equal_sets_the_earlier_is_chosen() -> None:
    assert best([Reach(0, 0b01), Reach(0, 0b11), Reach(0, 0b11)], 1).chosen == (1,)


@pytest.mark.parametrize("budget", [2, 10**30])
def test_what_gains_nothing_is_not_chosen(budget: int) -> None:
    found = best([Reach(0, 0b11), Reach(0, 0b01), NOTHING], budget)
    assert (found.chosen, found.exact) == ((0,), True)


def test_nothing_can_be_chosen_of_nothing() -> None:
    assert best([], 3, Reach(0, 0b1)) == Choice((), (), True, (0, 1))


def test_bound_is_no_more_than_there_is() -> None:
    sets = [Reach(0, 0b111), Reach(0, 0b110), Reach(0, 0b101)]
    assert upper_bound(sets, 3, NOTHING, ()) == (0, 3)


def test_a_long_search_ends_with_the_greedy_choice() -> None:
    sets = [Reach(0, (0b11111 << at) | 1 << (at * 7) % 60) for at in range(50)]
    found = best(sets, 9, looks=1000)
    assert (found.chosen, found.exact) == (greedy(sets, 9), False)
    assert found.at_most[1] >= best(sets, 9, looks=10_000_000).reached[-1][1] >= found.reached[-1][1]
