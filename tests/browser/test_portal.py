"""The partner's portal in a real browser."""
