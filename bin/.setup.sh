# Sourced by the commands beside it: makes .venv as requirements.txt pins it; does nothing when it is so already.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
fail() { printf 'Overture cannot start: %s\n' "$*" >&2; exit 1; }
find_python() {
  python='' without_venv=''
  # The last in PATH first, the system's: distributions build it with profiles, and letters leave a fifth faster.
  all=($(type -aP python3))
  for candidate in ${all[@]: -1} python3 python3.13 python3.12 python3.11 python3.14 python; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    "$candidate" -c 'import ensurepip, venv' 2>/dev/null && python=$candidate && return
    without_venv=${without_venv:-$("$candidate" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')}
  done
  [ -z "$without_venv" ] || fail "this Python has no venv module. On Debian or Ubuntu: apt install $without_venv"
  fail "it needs Python 3.11 or newer, and found none. On Debian or Ubuntu: apt install python3 python3-venv"
}
exec 8<"$root/requirements.txt" && { flock 8 2>/dev/null || true; } # two commands at once: the second waits
if ! cmp -s "$root/requirements.txt" "$root/.venv/requirements.txt" || [ ! -x "$root/.venv/bin/python" ]; then
  find_python; printf 'Making .venv with the pinned packages (once, about half a minute) ...\n' >&2; cd "$root" || exit 1
  .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv || fail "it could not make .venv, see above."
  pip() { PIP_USER=0 .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$1"; }
  { pip bin/uv.txt && .venv/bin/uv pip sync -q --system-certs --python .venv/bin/python --require-hashes requirements.txt 2>/dev/null; } || pip requirements.txt ||
    fail "it could not install its packages, see above. It needs the network once, and 700 MB of disk."
  cp requirements.txt .venv/ && cd "$OLDPWD" || exit 1
fi
exec 8<&-
