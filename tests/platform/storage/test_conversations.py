"""Conversations are kept with their owner, in order, once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from nimrod.domain.shared.conversations import Conversation, Message, Trace
from nimrod.domain.shared.errors import NotFound
from nimrod.platform.storage.customer import SqlCustomerStore

MINUTE = timedelta(minutes=1)


@pytest.fixture
def conversation(now: datetime) -> Conversation:
    return Conversation("cnv_1", "per_mia", "booking", "helsinki", "a scooter", now, now)


def test_a_conversation_is_its_owners_alone(store: SqlCustomerStore, conversation: Conversation) -> None:
    store.conversations.create(conversation)
    assert store.conversations.get("cnv_1", principal_id="per_mia") == conversation
    with pytest.raises(NotFound):
        store.conversations.get("cnv_1", principal_id="per_noah")
    assert store.conversations.list("per_noah") == []


def test_conversations_are_listed_latest_first(
    store: SqlCustomerStore, conversation: Conversation, now: datetime
) -> None:
    talks = store.conversations
    talks.create(conversation)
    talks.create(replace(conversation, conversation_id="cnv_2", agent="other", updated_at=now + MINUTE))
    assert [one.conversation_id for one in talks.list("per_mia")] == ["cnv_2", "cnv_1"]
    talks.touch("cnv_1", at=now + 2 * MINUTE, title="a van")
    assert [(one.conversation_id, one.title) for one in talks.list("per_mia", limit=1)] == [("cnv_1", "a van")]
    assert [one.conversation_id for one in talks.list("per_mia", agent="other")] == ["cnv_2"]


def test_a_message_is_kept_once_and_in_order(
    store: SqlCustomerStore, conversation: Conversation, now: datetime
) -> None:
    talks = store.conversations
    talks.create(conversation)
    first = Message("msg_2", "cnv_1", "user", "hei", now, {"turn_id": "t"})
    second = Message("msg_1", "cnv_1", "agent", "moi", now)
    assert talks.add_message(first)
    assert talks.add_message(second)
    assert not talks.add_message(replace(first, text="changed"))
    assert talks.list_messages("cnv_1") == [first, second]


def test_only_what_the_person_said_lately_is_counted(
    store: SqlCustomerStore, conversation: Conversation, now: datetime
) -> None:
    talks = store.conversations
    talks.create(conversation)
    for n, role in enumerate(("user", "agent", "user")):
        talks.add_message(Message(f"m{n}", "cnv_1", role, "x", now + n * MINUTE))  # type: ignore[arg-type]
    assert talks.count_messages("per_mia", since=now) == 2
    assert talks.count_messages("per_mia", since=now + MINUTE) == 1
    assert talks.count_messages("per_noah", since=now) == 0


def test_a_turn_traced_again_replaces_its_trace_and_keeps_its_place(
    store: SqlCustomerStore, conversation: Conversation, now: datetime
) -> None:
    talks = store.conversations
    talks.create(conversation)
    talks.add_trace(Trace("t1", "cnv_1", now, {"calls": 1}))
    talks.add_trace(Trace("t2", "cnv_1", now, {"calls": 2}))
    talks.add_trace(Trace("t1", "cnv_1", now, {"calls": 3}))
    assert [(one.turn_id, one.body) for one in talks.list_traces("cnv_1")] == [
        ("t1", {"calls": 3}),
        ("t2", {"calls": 2}),
    ]
