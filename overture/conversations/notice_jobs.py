"""When notices of new messages leave: looked for every half minute, and once a day; sent by a worker."""

from __future__ import annotations

from overture.conversations import notice_letters, notify
from overture.jobs.task import periodic, task


@periodic("* * * * * */30")
def notice_messages(timestamp: int) -> None:
    while notify.settle() >= notify.MOST:
        pass


@periodic("0 7 * * *")
def notice_daily(timestamp: int) -> None:
    notify.daily()


@task()
def tell_person(number: int, messages: list[int] | None = None) -> None:
    notice_letters.tell_person(number, messages)


@task()
def tell_member(number: int, messages: list[int] | None = None) -> None:
    notice_letters.tell_member(number, messages)


@task()
def invite_reader(number: int) -> None:
    notice_letters.invite_reader(number)
