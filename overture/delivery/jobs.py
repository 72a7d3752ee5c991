"""Wakes a worker for a mailbox, and keeps mailings moving."""
