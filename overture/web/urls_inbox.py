"""Addresses of Engage > Inbox."""

from django.urls import URLPattern, path

from overture.web import inbox, inbox_acts, inbox_many, inbox_write, received, unplaced

_ONE = "inbox/<int:conversation>"
_MESSAGE = f"{_ONE}/messages/<int:message>"
_ACTS = ("done", "reopen", "snooze", "spam", "assign")

patterns: list[URLPattern] = [
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/new", inbox_write.message_new, name="message_new"),
    path("inbox/to/<int:partner>", inbox_write.message_to_page, name="message_to"),
    path("inbox/to/<int:partner>/draft", inbox_write.draft_save, name="message_draft"),
    path("inbox/many/<int:selection>", inbox_many.message_many, name="message_many"),
    path("inbox/runs/<int:run>", inbox_many.message_run, name="message_run"),
    path("inbox/undo", inbox_acts.threads_undo, name="threads_undo"),
    path(_ONE, inbox.conversation, name="conversation"),
    path(f"{_ONE}/messages", inbox_write.message_send, name="message_send"),
    path(f"{_ONE}/stream", inbox.stream, name="conversation_stream"),
    path(f"{_ONE}/emails/<int:delivery>", inbox.email, name="conversation_email"),
    path("inbox/mails", unplaced.mails, name="mails"),
    path("inbox/mails/<int:mail>", unplaced.mail, name="mail"),
    path("inbox/mails/<int:mail>/place", unplaced.mail_place, name="mail_place"),
    path("inbox/mails/<int:mail>/put-away", unplaced.mail_put_away, name="mail_put_away"),
    path(f"{_ONE}/received/<int:received>/answer", unplaced.received_answer, name="received_answer"),
    path(f"{_ONE}/received/<int:received>", received.received, name="received"),
    path(f"{_ONE}/received/<int:received>/content", received.content, name="received_content"),
    path(f"{_ONE}/received/<int:received>/pictures", received.with_pictures, name="received_pictures"),
    path(f"{_ONE}/note", inbox_acts.thread_note, name="thread_note"),
    path(f"{_ONE}/stage", inbox_acts.thread_stage, name="thread_stage"),
    path(f"{_MESSAGE}/edit", inbox_write.message_edit, name="message_edit"),
    path(f"{_MESSAGE}/withdraw", inbox_write.message_withdraw, name="message_withdraw"),
    *(
        path(f"{_ONE}/{act}", inbox_acts.thread_act, {"act": act}, name=f"thread_{act}")
        for act in (*_ACTS, "unread")
    ),
    *(
        path(f"inbox/chosen/{act}", inbox_acts.chosen_act, {"act": act}, name=f"chosen_threads_{act}")
        for act in _ACTS
    ),
]
