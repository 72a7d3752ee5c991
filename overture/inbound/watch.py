"""Watches many mailboxes by one worker: idle connections wait in one selector, a few threads make the visits.

A connection is kept for each, because servers tell of news over it (IDLE, RFC 2177) and providers count
sign-ins. A thread or a job for each would cost a hundred times as much while nothing happens.
"""

from __future__ import annotations

import logging
import resource
import selectors
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from queue import SimpleQueue
from time import monotonic
from uuid import UUID, uuid4

from django.db import DatabaseError, InterfaceError, connection

from overture.delivery.faults import disconnect
from overture.inbound.append import append_sent
from overture.inbound.models import Reading
from overture.inbound.read import NotOurs, NotTaken, Visit, visit
from overture.inbound.sent import settle_unknown
from overture.inbound.watched import began, let_go, take_turn, went_well, went_wrong
from overture.lib.secrets import SecretError
from overture.mailboxes.imap_account import ImapAccount, imap_account_of
from overture.mailboxes.models import Mailbox
from overture.mailboxes.providers import SendError
from overture.mailboxes.providers.imap import Imap, ImapError, connect
from overture.mailboxes.tokens import renew

# Mailboxes that one worker watches at most; more of them want another worker.
MOST = 2000
VISITORS = 8
# The poll behind IDLE finds what its server did not tell, and looks at the Sent folder.
POLL, POLL_WITHOUT_IDLE = timedelta(minutes=2), timedelta(minutes=1)
# How long one visit may keep others waiting.
_TURN = 20.0
_TURNS_EVERY = 5.0

log = logging.getLogger(__name__)


@dataclass
class Watched:
    """One mailbox of ours. While it is being visited, only its visitor touches it."""

    mailbox_id: int
    account: str
    due: float
    imap: Imap | None = None
    is_idle: bool = False
    is_visited: bool = False
    is_lost: bool = False

    def close(self) -> None:
        if self.imap:
            self.imap.close()
        self.imap, self.is_idle = None, False


class Watch:
    """One loop for each process; what else asks for one finds it at work."""

    def __init__(self, stop: Callable[[], bool], most: int = MOST, poll: timedelta = POLL) -> None:
        self.stop, self.most, self.poll = stop, most, poll
        self.watcher: UUID = uuid4()
        self.watched: dict[int, Watched] = {}
        self._selector = selectors.DefaultSelector()
        self._back: SimpleQueue[Watched] = SimpleQueue()
        self._next_turn = 0.0

    def run(self) -> None:
        visitors = ThreadPoolExecutor(VISITORS, "visitor")
        try:
            while not self.stop():
                self._take_turn()
                self._take_back()
                for each in self._stirring():
                    self._send(visitors, each)
        finally:
            visitors.shutdown(wait=True, cancel_futures=True)
            for each in self.watched.values():
                each.close()
            self._selector.close()
            with suppress(DatabaseError, InterfaceError):
                let_go(self.watcher)

    def _take_turn(self) -> None:
        """What we watch from now on. While the database is away, connections stay as they are."""
        if monotonic() < self._next_turn:
            return
        self._next_turn = monotonic() + _TURNS_EVERY
        try:
            mine = take_turn(self.watcher, self.most)
        except (DatabaseError, InterfaceError):
            connection.close()
            return
        for mailbox_id in self.watched.keys() - mine.keys():
            self._lose(self.watched[mailbox_id])
        for mailbox_id, (due_in, account) in mine.items():
            known = self.watched.get(mailbox_id)
            if known is None:
                self.watched[mailbox_id] = Watched(mailbox_id, account, monotonic() + due_in)
            elif known.account != account and not known.is_visited:
                self._unlisten(known)
                known.close()
                known.account, known.due = account, 0.0

    def _lose(self, each: Watched) -> None:
        each.is_lost = True
        if not each.is_visited:
            self._unlisten(each)
            each.close()
            del self.watched[each.mailbox_id]

    def _stirring(self) -> list[Watched]:
        """Those with news, and those that are due; waits for a moment when there are none."""
        now = monotonic()
        due = [each for each in self.watched.values() if not each.is_visited and each.due <= now]
        events = self._selector.select(0 if due else 0.2)
        stirred = [key.data for key, _ in events if self._has_news(key.data)]
        return list({id(each): each for each in due + stirred}.values())

    def _has_news(self, each: Watched) -> bool:
        try:
            return each.imap is not None and each.imap.has_news()
        except ImapError:
            # The visit finds out what it is.
            self._unlisten(each)
            each.close()
            return True

    def _send(self, visitors: ThreadPoolExecutor, each: Watched) -> None:
        self._unlisten(each)
        each.is_visited = True
        visitors.submit(self._visit, each)

    def _take_back(self) -> None:
        while not self._back.empty():
            each = self._back.get()
            each.is_visited = False
            if each.is_lost:
                each.close()
                self.watched.pop(each.mailbox_id, None)
            elif each.imap and each.is_idle:
                self._selector.register(each.imap.fileno(), selectors.EVENT_READ, each)
                if self._has_news(each):  # what came with the answer to IDLE stirs no selector
                    each.due = 0.0

    def _unlisten(self, each: Watched) -> None:
        if each.imap and each.is_idle:
            with suppress(KeyError, ValueError):
                self._selector.unregister(each.imap.fileno())

    # In a visitor's thread.

    def _visit(self, each: Watched) -> None:
        try:
            wait = self._visited(each)
            each.due = monotonic() + wait.total_seconds()
        except NotOurs:
            each.is_lost = True
            each.close()
        except Exception:
            log.exception("reading mailbox %s failed", each.mailbox_id)
            each.close()
            each.due = monotonic() + 30
        finally:
            connection.close()  # threads outlive visits, and nobody else looks whether theirs still works
            self._back.put(each)

    def _visited(self, each: Watched) -> timedelta:
        """Answers when to come again."""
        mailbox = Mailbox.objects.filter(pk=each.mailbox_id, removed_at=None, reads=True).first()
        reading = began(mailbox, self.watcher) if mailbox else None
        if mailbox is None or reading is None or reading.since is None:
            raise NotOurs
        end, account = monotonic() + _TURN, None
        try:
            imap = self._open(each, account := imap_account_of(mailbox))
            found = Visit(
                mailbox, imap, self.watcher, reading.since, lambda: self.stop() or monotonic() > end
            )
            if not visit(found):
                return timedelta(0)
            append_sent(found)
            settle_unknown(mailbox)
            if imap.can_idle:
                imap.idle()
                each.is_idle = True
            went_well(mailbox.pk, self.watcher)
            if imap.has_grown():
                return timedelta(0)
            return self.poll if imap.can_idle else min(self.poll, POLL_WITHOUT_IDLE)
        except SendError as error:
            each.close()
            return self._went_wrong(mailbox, _judged(mailbox, account, reading.reason, error))
        except SecretError as error:
            each.close()
            return went_wrong(mailbox.pk, self.watcher, "secret", error.code, is_refused=True)
        except NotTaken as error:
            each.close()
            return went_wrong(mailbox.pk, self.watcher, "mail_not_taken", str(error), is_refused=False)

    def _open(self, each: Watched, account: ImapAccount) -> Imap:
        if each.imap and each.is_idle:
            each.is_idle = False
            try:
                each.imap.end_idle()
                return each.imap
            except ImapError:
                # It was closed while nothing happened: no fault yet.
                each.close()
        if each.imap is None:
            each.imap = connect(account)
        return each.imap

    def _went_wrong(self, mailbox: Mailbox, error: SendError) -> timedelta:
        wait = went_wrong(mailbox.pk, self.watcher, error.code, error.reply, is_refused=error.permanent)
        if mailbox.provider and error.permanent and error.code in ("token_refused", "grant_refused"):
            disconnect(mailbox.pk, error)
            # It is not read before it is signed in again, and then at once.
            Reading.objects.filter(mailbox=mailbox).update(due_at=None)
            raise NotOurs
        return wait


def _judged(mailbox: Mailbox, account: ImapAccount | None, before: str, fault: SendError) -> SendError:
    """A server that refuses an access token may only want a newer one: one chance."""
    if account is None or fault.code != "token_refused" or before == fault.code:
        return fault
    try:
        renew(mailbox, refused=account.access_token)
    except SendError as error:
        return error
    return SendError(permanent=False, code=fault.code, reply=fault.reply)


_at_work = threading.Lock()
# Of this process that are no connections to mailboxes.
_OTHER_FILES = 200


def _files() -> int:
    """How many may be open at once: as many as we are allowed to ask for."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + _OTHER_FILES if most == resource.RLIM_INFINITY else min(most, MOST + _OTHER_FILES)
    if allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return max(allowed, wanted)


def watch(stop: Callable[[], bool]) -> None:
    """Until asked to stop. Returns at once where this process watches already: new ones are its own."""
    if _at_work.acquire(blocking=False):
        try:
            Watch(stop, min(MOST, _files() - _OTHER_FILES)).run()
        finally:
            _at_work.release()
