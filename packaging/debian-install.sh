#!/bin/sh
# Installs Debian packages without starting the services they bring: `debian-install.sh PACKAGE...`, as root.
#
# Debian asks /usr/sbin/policy-rc.d before it starts a service; exit 101 forbids it. What was there is put back at the end,
# however the end comes.
set -eu

policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
mark='# placed by PYFI while it installs packages'
saved=$(mktemp -d)

restore() {
    if [ -e "$saved/policy-rc.d" ]; then
        cp -a "$saved/policy-rc.d" "$policy"
    else
        rm -f "$policy"
    fi
    rm -rf "$saved"
}

# A guard of ours that a power cut left behind is not the machine's own policy.
if [ -e "$policy" ] && ! grep -qF "$mark" "$policy"; then
    cp -a "$policy" "$saved/policy-rc.d"
fi
trap restore EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
printf '#!/bin/sh\n%s\nexit 101\n' "$mark" > "$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=300 update
apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
