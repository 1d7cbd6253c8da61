#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The boot gate of multus-eni: kubelet starts only when the Multus interfaces of this node are there.
#
#   multus-eni-boot-gate wait      what multus-eni-boot-gate.service runs on every boot
#   multus-eni-boot-gate kubelet   what kubelet.service runs before each start of kubelet
#
# POSIX sh with curl, sed, grep, ip and, unless max-pods is configured, the aws CLI. BootGate.java fills
# in the lines between "settings" and "end of settings" and leaves out the comments. The variables
# MULTUS_ENI_TEST_… are for tests: they put a folder in the place of / and a server in that of IMDS.
set -u

# settings
group='@GROUP@'
wait_seconds=@WAIT@
max_pods='@MAX_PODS@'
networkd=@NETWORKD@
kubelet_variable=@KUBELET_VARIABLE@
repair='@REPAIR@'
slots='@SLOTS@'

predicted() {
  case $1 in
@PREDICTIONS@
    *) ;;
  esac
}
# end of settings

root=${MULTUS_ENI_TEST_ROOT:-}
imds_url=${MULTUS_ENI_TEST_IMDS:-http://169.254.169.254}
run=$root/run/multus-eni
work=$run/work
# What is said inside of $(…) goes out too.
exec 3>&1

# The unit sends what is said to the journal and to the console, which EC2 shows from outside.
say() {
  printf 'multus-eni boot gate: %s\n' "$*" >&3
  mkdir -p "$root/var/log"
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >>"$root/var/log/multus-eni-boot-gate.log"
}

# $1 what happened, $2 what to do
fail() {
  mkdir -p "$run"
  rm -f "$run/ready"
  printf '%s\n%s\n' "$1" "$2" >"$run/failed"
  say "FAILED: $1"
  say "kubelet stays off and this node out of the cluster. $2"
  exit 1
}

uptime_seconds() {
  IFS=. read -r seconds _ <"$root/proc/uptime" || seconds=0
  echo "$seconds"
}

time_left() {
  [ "$(uptime_seconds)" -lt "$deadline" ]
}

is_number() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
}

# Prints what the instance metadata has at a path. 1: nothing there; 2: no answer to go by.
imds() {
  for _ in 1 2; do
    if [ ! -s "$work/token" ]; then
      curl -sf --noproxy '*' --max-time 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' \
        "$imds_url/latest/api/token" >"$work/token" || return 2
    fi
    status=$(curl -s --noproxy '*' --max-time 5 -o "$work/answer" -w '%{http_code}' \
      -H "X-aws-ec2-metadata-token: $(cat "$work/token")" "$imds_url/latest/meta-data/$1") || return 2
    case $status in
      200)
        cat "$work/answer"
        return 0
        ;;
      404) return 1 ;;
      # The token is too old.
      401) rm -f "$work/token" ;;
      *) return 2 ;;
    esac
  done
  return 2
}

# What surely is there, as long as it takes.
sure() {
  until imds "$1"; do
    time_left || fail "The instance metadata at $imds_url did not tell $1 within $wait_seconds s." \
      "See that the instance's metadata service is on (HttpEndpoint enabled). $repair"
    sleep 2
  done
}

# Types with one network card have no entry for it; its name differs between descriptions of IMDS.
network_card() {
  for name in network-card network-card-index; do
    code=0
    imds "$1/$name" || code=$?
    [ "$code" -eq 0 ] && return 0
    [ "$code" -eq 1 ] || return 1
  done
  echo 0
}

# Writes "card device mac eni" of each interface to $work/list.
read_interfaces() {
  : >"$work/unsorted"
  macs=$(imds network/interfaces/macs/) || return 1
  for mac in $macs; do
    mac=${mac%/}
    at=network/interfaces/macs/$mac
    device=$(imds "$at/device-number") || return 1
    eni=$(imds "$at/interface-id") || return 1
    card=$(network_card "$at") || return 1
    if ! is_number "$card" || ! is_number "$device"; then return 1; fi
    echo "$card $device $mac $eni" >>"$work/unsorted"
  done
  sort "$work/unsorted" >"$work/list"
}

# Prints the name of the link with a MAC address. What a pod puts on top of an interface (ipvlan, vlan)
# has the same address, but no device.
link_of() {
  for link in "$root"/sys/class/net/*; do
    if [ -e "$link/device" ] && [ "$(cat "$link/address" 2>/dev/null)" = "$1" ]; then
      echo "${link##*/}"
      return 0
    fi
  done
  return 1
}

# Prints what keeps this node waiting; nothing when all is there.
missing() {
  while read -r card device network; do
    place="network $network (network card $card, device index $device)"
    found=$(grep -c "^$card $device " "$work/list")
    case $found in
      0) echo "$place: no interface in the instance metadata;" ;;
      1)
        mac=$(sed -n "s/^$card $device \([^ ]*\) .*/\1/p" "$work/list")
        link_of "$mac" >/dev/null || echo "$place: no link has its MAC address $mac yet;"
        ;;
      *) echo "$place: $found interfaces have this place in the instance metadata;" ;;
    esac
  done <<SLOTS
$slots
SLOTS
}

# Metadata may be wrong for a moment after an attachment: only what reads the same twice counts.
wait_for_interfaces() {
  before=
  said=
  while :; do
    if read_interfaces; then
      trouble=$(missing)
      if [ -z "$trouble" ]; then
        now=$(cat "$work/list")
        [ "$now" = "$before" ] && return 0
        before=$now
      else
        before=
      fi
    else
      trouble="no complete answer from the instance metadata at $imds_url;"
      before=
    fi
    if [ -n "$trouble" ] && [ "$trouble" != "$said" ]; then
      said=$trouble
      # shellcheck disable=SC2086 # one line of many
      say waiting: $trouble
    fi
    if ! time_left; then
      # shellcheck disable=SC2086 # one line of many
      set -- ${trouble:-the instance metadata reads differently each time;}
      fail "The Multus interfaces were not all there within $wait_seconds s: $*" \
        "Look for this instance in the log of the attach function and in the activities of its Auto Scaling group. $repair"
    fi
    sleep 2
  done
}

# $1 path below /proc/sys/net, $2 value
set_kernel() {
  echo "$2" 2>/dev/null >"$root/proc/sys/net/$1" ||
    fail "Could not write $2 to /proc/sys/net/$1." "See why the kernel refuses it. $repair"
}

run_ip() {
  ip "$@" || fail "Failed: ip $*" "See the message of ip above. $repair"
}

# Amazon Linux 2023 for EKS lets systemd-networkd put addresses and routes on each interface that is
# there before nodeadm-run (70-eks-<link>.network); the first file in the order of names wins.
leave_to_multus() {
  macs=
  while read -r card device network; do
    macs="$macs $(sed -n "s/^$card $device \([^ ]*\) .*/\1/p" "$work/list")"
  done <<SLOTS
$slots
SLOTS
  mkdir -p "$root/run/systemd/network"
  printf '%s\n' '[Match]' "PermanentMACAddress=${macs# }" '' '[Link]' Unmanaged=yes \
    >"$root/run/systemd/network/10-multus-eni.network"
  networkctl reload ||
    fail "systemd-networkd did not take /run/systemd/network/10-multus-eni.network (networkctl reload)." \
      "See journalctl -u systemd-networkd. $repair"
}

# $1 link, $2 network card, $3 device index
prepare_link() {
  if [ -d "$root/proc/sys/net/ipv6/conf/$1" ]; then
    set_kernel "ipv6/conf/$1/accept_ra" 0
    set_kernel "ipv6/conf/$1/autoconf" 0
    # Without it the kernel makes a link-local address.
    run_ip link set dev "$1" addrgenmode none
  fi
  # Strict (1) drops what comes in on a link without addresses and routes; 2 asks for any route back.
  set_kernel "ipv4/conf/$1/rp_filter" 2
  run_ip addr flush dev "$1"
  if [ "$networkd" = yes ]; then
    table=$((10000 + 100 * $2 + $3))
    ip -4 rule del table "$table" 2>/dev/null || :
    ip -6 rule del table "$table" 2>/dev/null || :
  fi
  # Nobody's DHCP sets it any more, and an ipvlan can't have more than its master.
  run_ip link set dev "$1" mtu "$mtu"
  run_ip link set dev "$1" up
}

pci_of() {
  address=$(readlink -f "$root/sys/class/net/$1/device") || address=
  address=${address##*/}
  case $address in
    ????:??:??.?) echo "$address" ;;
    *) echo - ;;
  esac
}

find_max_pods() {
  if [ -n "$max_pods" ]; then return 0; fi
  region=$(sure placement/region) || exit 1
  on_first_card=$(echo "$slots" | grep -c '^0 ')
  until
    limits=$(aws ec2 describe-instance-types --region "$region" --instance-types "$type" --output text \
      --cli-connect-timeout 5 --cli-read-timeout 10 \
      --query 'InstanceTypes[0].NetworkInfo.[NetworkCards[0].MaximumNetworkInterfaces,Ipv4AddressesPerInterface]' \
      2>"$work/refused")
  do
    time_left || fail "max-pods is not known: aws ec2 describe-instance-types for $type in $region failed for $wait_seconds s: $(tail -n 1 "$work/refused")" \
      "Allow ec2:DescribeInstanceTypes to the node's role (AmazonEKSWorkerNodePolicy does) and a way to the EC2 endpoint, or set bootGate.maxPods of node group $group. $repair"
    sleep 5
  done
  read -r interfaces addresses <<LIMITS
$limits
LIMITS
  if ! is_number "$interfaces" || ! is_number "$addresses"; then
    fail "max-pods is not known: EC2 tells no interface limits of $type ($limits)." \
      "Set bootGate.maxPods of node group $group. $repair"
  fi
  if [ "$interfaces" -le "$on_first_card" ]; then
    fail "$type has $interfaces interfaces on network card 0, and $on_first_card networks of node group $group leave none for the VPC CNI." \
      "Use a larger type, or set bootGate.maxPods of node group $group. $repair"
  fi
  # Multi-card types too: the VPC CNI uses network card 0 only.
  max_pods=$(((interfaces - on_first_card) * (addresses - 1) + 2))
}

# interfaces.tsv for people, interfaces.json for programs.
write_table() {
  {
    printf 'network\tcard\tdevice\tlink\tmac\teni\tpci\tpredictedPci\n'
    # The rest of the words are the predictions in the order of the slots.
    # shellcheck disable=SC2046
    set -- $(predicted "$type")
    while read -r card device network; do
      read -r mac eni <<FOUND
$(sed -n "s/^$card $device //p" "$work/list")
FOUND
      link=$(link_of "$mac")
      printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
        "$network" "$card" "$device" "$link" "$mac" "$eni" "$(pci_of "$link")" "${1:--}"
      [ $# -eq 0 ] || shift
    done <<SLOTS
$slots
SLOTS
  } >"$work/interfaces.tsv"
  {
    printf '{"instanceId":"%s","instanceType":"%s","maxPods":%s,"interfaces":[' \
      "$instance" "$type" "$max_pods"
    comma=
    sed 1d "$work/interfaces.tsv" | while IFS='	' read -r network card device link mac eni pci guess; do
      printf '%s{"network":"%s","networkCardIndex":%s,"deviceIndex":%s,"interface":"%s","mac":"%s","networkInterfaceId":"%s","pciBusId":%s,"predictedPciBusId":%s}' \
        "$comma" "$network" "$card" "$device" "$link" "$mac" "$eni" "$(or_null "$pci")" "$(or_null "$guess")"
      comma=,
    done
    printf ']}\n'
  } >"$work/interfaces.json"
  mv "$work/interfaces.tsv" "$work/interfaces.json" "$run/"
}

or_null() {
  if [ "$1" = - ]; then echo null; else echo "\"$1\""; fi
}

tell_table() {
  sed 1d "$run/interfaces.tsv" | while IFS='	' read -r network card device link mac eni pci guess; do
    say "network $network: card $card, device index $device, $link, $mac, $eni, PCI $pci"
    if [ "$guess" != - ] && [ "$guess" != "$pci" ]; then
      say "WARNING: network $network: $link is at PCI address $pci, not at $guess as predicted for $type. Attachment definitions that name pciBusID $guess miss it: name $pci, or the link."
    fi
  done
}

wait_for_boot() {
  # What an earlier run left opens nothing.
  rm -rf "$run"
  mkdir -p "$work" || exit 1
  deadline=$(($(uptime_seconds) + wait_seconds))
  say "node group $group: waiting at most $wait_seconds s"
  wait_for_interfaces
  type=$(sure instance-type) || exit 1
  instance=$(sure instance-id) || exit 1
  primary=$(sure mac) || exit 1
  mtu=$(cat "$root/sys/class/net/$(link_of "$primary")/mtu") ||
    fail "No link has the MAC address $primary of the primary interface." "See ip link. $repair"
  if [ "$networkd" = yes ]; then leave_to_multus; fi
  while read -r card device network; do
    link=$(link_of "$(sed -n "s/^$card $device \([^ ]*\) .*/\1/p" "$work/list")")
    prepare_link "$link" "$card" "$device"
  done <<SLOTS
$slots
SLOTS
  find_max_pods
  write_table || fail "Could not write the table of interfaces to $run." "See df /run. $repair"
  tell_table
  say "all there; max-pods $max_pods; the table is in /run/multus-eni/interfaces.tsv"
  echo "$max_pods" >"$run/max-pods"
  rm -rf "$work"
  : >"$run/ready"
}

# The last flag of its name counts, and a flag goes before each configuration file of kubelet.
tell_kubelet() {
  read -r pods <"$run/max-pods" ||
    fail "The boot gate has left no $run/max-pods." "$repair"
  eval "flags=\${$kubelet_variable:-}"
  # shellcheck disable=SC2154 # eval sets it
  printf '%s="%s --max-pods=%s"\n' "$kubelet_variable" \
    "$(printf '%s' "$flags" | sed 's/[\\"$`]/\\&/g')" "$pods" >"$run/kubelet.env.new"
  mv "$run/kubelet.env.new" "$run/kubelet.env"
}

case ${1:-} in
  wait) wait_for_boot ;;
  kubelet) tell_kubelet ;;
  *)
    echo "usage: $0 wait | kubelet" >&2
    exit 2
    ;;
esac
