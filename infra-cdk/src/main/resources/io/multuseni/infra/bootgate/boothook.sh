#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Installs the boot gate. cloud-init runs it early on every boot; what it writes to /etc holds the later
# boots, where kubelet is enabled and doesn't wait for cloud-init.
set -u
root=${MULTUS_ENI_TEST_ROOT:-}
units=$root/etc/systemd/system
gate=/usr/local/sbin/multus-eni-boot-gate

# Bars kubelet first: what fails below leaves the node out of the cluster, not without its gate.
bar=$root/run/systemd/system/kubelet.service.d
mkdir -p "$bar"
printf '[Unit]\nAssertPathExists=/run/multus-eni/ready\n' >"$bar/80-multus-eni-bar.conf"
systemctl daemon-reload

set -e
mkdir -p "$root/usr/local/sbin" "$units/kubelet.service.d"@MAKE_MORE@
cat >"$root$gate.new" <<'MULTUS_ENI_BOOT_GATE'
@SCRIPT@
MULTUS_ENI_BOOT_GATE
chmod 755 "$root$gate.new"
mv "$root$gate.new" "$root$gate"
cat >"$units/multus-eni-boot-gate.service" <<UNIT
[Unit]
Description=multus-eni boot gate: kubelet waits for the Multus interfaces
After=network.target
Before=kubelet.service@BEFORE@

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=$gate wait
TimeoutStartSec=0
StandardOutput=journal+console
StandardError=journal+console

[Install]
WantedBy=multi-user.target
UNIT
# systemd reads the file anew for each state of a unit: it is there for ExecStart, and gone before the next
# ExecStartPre, which so sees the flags as they are without it.
cat >"$units/kubelet.service.d/90-multus-eni.conf" <<UNIT
[Unit]
Requires=multus-eni-boot-gate.service
After=multus-eni-boot-gate.service
AssertPathExists=/run/multus-eni/ready

[Service]
EnvironmentFile=-/run/multus-eni/kubelet.env
ExecStartPre=$gate kubelet
ExecStopPost=/bin/rm -f /run/multus-eni/kubelet.env
UNIT
@MORE@systemctl daemon-reload
systemctl -q enable multus-eni-boot-gate.service
systemctl --no-block start multus-eni-boot-gate.service
