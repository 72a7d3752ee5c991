# shellcheck shell=bash
# Sourced by bin/test: the Debian packages that the tests need and this machine lacks.
missing=()
command -v chromium-headless-shell >/dev/null || missing+=(chromium-headless-shell)
command -v xgettext >/dev/null || missing+=(gettext)
[ -x /usr/sbin/ip ] || [ -x /sbin/ip ] || missing+=(iproute2)
[ -x /usr/sbin/smtp-sink ] && [ -x /usr/lib/dovecot/lmtp ] || missing+=(postfix dovecot-imapd dovecot-lmtpd)
[ -x /usr/sbin/clamd ] || missing+=(clamav-daemon)
[ -d /usr/share/fonts/truetype/dejavu ] || missing+=(fonts-dejavu-core)
if [ "${#missing[@]}" -gt 0 ]; then
  [ "$(id -u)" = 0 ] || fail "the tests need packages. As root: apt-get install ${missing[*]}"
  printf 'Installing %s ...\n' "${missing[*]}" >&2
  # Postfix and Dovecot may not start here: the tests start their own.
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections 2>/dev/null
  apt-get update -qq && apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "the packages could not be installed, see above: ${missing[*]}"
fi
