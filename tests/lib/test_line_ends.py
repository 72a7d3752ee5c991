"""Every line end becomes CRLF, and nothing else changes."""

from hypothesis import given
from hypothesis import strategies as st

from overture.lib.line_ends import with_crlf


@given(st.text("a\r\n", max_size=30).map(str.encode))
def test_every_line_end_is_crlf_and_the_lines_stay(data: bytes) -> None:
    made = with_crlf(data)
    assert made.split(b"\r\n") == data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    assert with_crlf(made) == made
