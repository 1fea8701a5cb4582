#!/usr/bin/env bash
# Records the sample incident: an office whose DNS service dies while its web server lives on.
#
# Usage: sudo Tests/Samples/record.sh
#
# Network namespaces are the hosts, real programs are the traffic: nothing is synthetic. Two
# clients share a bridge on the office router; the router leads to the one server, which runs
# dnsmasq and a web server. Replaces the three samples beside this script and the figures in
# README.md. Changes nothing else: what it creates elsewhere (namespaces and their folders in
# /etc/netns) is removed at the end, whatever happens.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
readonly client_a=wirecase-client-a client_b=wirecase-client-b
readonly router=wirecase-router server=wirecase-server
readonly hosts=("$client_a" "$client_b" "$router" "$server")
# Documentation addresses: RFC 5737 and RFC 3849.
readonly server_address=198.51.100.53 site=www.example.org site_ipv6=2001:db8:100::53

die() {
  echo "record.sh: $*" >&2
  exit 1
}

[ "$(id -u)" = 0 ] || die "network namespaces need root: run 'sudo $0'"
for tool in ip tcpdump dumpcap tshark dnsmasq dig curl ping python3; do
  command -v "$tool" >/dev/null || die "'$tool' is not installed. On Debian: apt-get install" \
    "iproute2 tcpdump tshark dnsmasq-base bind9-dnsutils curl iputils-ping python3"
done

work=$(mktemp -d)

clean_up() {
  local host pid
  for host in "${hosts[@]}"; do
    for pid in $(ip netns pids "$host" 2>/dev/null); do kill "$pid" 2>/dev/null || true; done
    ip netns delete "$host" 2>/dev/null || true
    rm -rf "/etc/netns/$host"
  done
  rmdir /etc/netns 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

# The clients' own programs fail while the service is down: that is what is recorded.
try() { ip netns exec "$@" >>"$work/users.log" 2>&1 || true; }

phase() {
  printf '| %s | %s |\n' "$(date -u +%H:%M:%S.%3N)" "$1" >>"$work/phases"
  echo "$1" >&2
}

# --- The hosts -----------------------------------------------------------------------------
for host in "${hosts[@]}"; do
  ip netns add "$host"
  # IPv4 alone, so that no neighbour discovery stands between the packets of the incident.
  ip netns exec "$host" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
    net.ipv6.conf.default.disable_ipv6=1
  ip -n "$host" link set lo up
  # A resolver configuration of its own, so that no look-up leaves for the real network.
  mkdir -p "/etc/netns/$host"
  echo 'hosts: files dns' >"/etc/netns/$host/nsswitch.conf"
  : >"/etc/netns/$host/resolv.conf"
done
for host in "$client_a" "$client_b"; do
  printf 'nameserver %s\noptions timeout:1 attempts:2\n' "$server_address" \
    >"/etc/netns/$host/resolv.conf"
done

ip -n "$router" link add office type bridge mcast_snooping 0
ip -n "$router" address add 192.0.2.1/24 dev office
attach_client() { # HOST ADDRESS PORT
  ip link add eth0 netns "$1" type veth peer name "$3" netns "$router"
  ip -n "$1" address add "$2/24" dev eth0
  ip -n "$router" link set "$3" master office up
  ip -n "$1" link set eth0 up
  ip -n "$1" route add default via 192.0.2.1
}
ip -n "$router" link set office up
attach_client "$client_a" 192.0.2.21 port1
attach_client "$client_b" 192.0.2.22 port2
ip link add eth0 netns "$server" type veth peer name uplink netns "$router"
ip -n "$server" address add "$server_address/24" dev eth0
ip -n "$server" link set eth0 up
ip -n "$router" address add 198.51.100.1/24 dev uplink
ip -n "$router" link set uplink up
ip -n "$server" route add default via 198.51.100.1
ip netns exec "$router" sysctl -qw net.ipv4.ip_forward=1
# Linux holds back all but about one ICMP error a second to each host; here each query that
# finds the port closed gets its own, so that what was refused can be counted.
ip netns exec "$server" sysctl -qw net.ipv4.icmp_ratelimit=0

# --- The services --------------------------------------------------------------------------
echo '<!doctype html><title>Example shop</title><p>Open.</p>' >"$work/index.html"
ip netns exec "$server" python3 -m http.server 80 --bind "$server_address" \
  --directory "$work" >"$work/web.log" 2>&1 &

start_dns() {
  ip netns exec "$server" dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root \
    --pid-file= --no-resolv --no-hosts --local-ttl=60 --bind-interfaces \
    --listen-address="$server_address" --local=/example.org/ \
    --host-record="$site,$server_address,$site_ipv6" \
    --host-record=files.example.org,198.51.100.80 --mx-host=example.org,mail.example.org,10 \
    --txt-record=example.org,"v=spf1 mx -all" >>"$work/dns.log" 2>&1 &
  dns=$!
  sleep 0.5
}
stop_dns() {
  kill "$dns"
  wait "$dns" || true
}

# --- The recording -------------------------------------------------------------------------
recorders=()
ip netns exec "$client_a" tcpdump -q -U -Z root -i eth0 -w "$work/client-a.pcap" 2>/dev/null &
recorders+=($!)
ip netns exec "$client_b" tcpdump -q -U -Z root -i eth0 -w "$work/client-b.pcap" 2>/dev/null &
recorders+=($!)
ip netns exec "$server" dumpcap -q -i eth0 -w "$work/server.pcapng" 2>/dev/null &
recorders+=($!)
start_dns
sleep 2

fetch() { try "$1" curl -sS --max-time 5 -o /dev/null "$2"; }
ask() { try "$1" dig "@$server_address" "${@:2}"; }
recorded_on=$(date -u +%Y-%m-%d)

phase 'All is well: both clients load the site; look-ups of MX, TXT, A and a name that is not'
fetch "$client_a" "http://$site/"
sleep 0.6
fetch "$client_b" "http://$site/"
ask "$client_a" example.org MX
ask "$client_a" nosuch.example.org A
sleep 0.8
ask "$client_b" example.org TXT
ask "$client_b" files.example.org A
try "$client_b" ping -q -c 2 -i 0.5 "$server_address"
fetch "$client_a" "http://$site/"
sleep 1.5

stop_dns
phase 'The DNS service is stopped; from here the server answers each query with ICMP type 3 code 3'
sleep 0.4
fetch "$client_a" "http://$site/"
sleep 0.9
fetch "$client_b" "http://$site/"
sleep 0.7
ask "$client_a" +tries=3 +time=1 "$site" A
sleep 1.1
ask "$client_b" +tries=3 +time=1 "$site" A
sleep 0.8
phase 'Client A asks over TCP, which is reset, then loads the site by its address, which works'
ask "$client_a" +tcp +tries=1 +time=1 "$site" A
sleep 0.5
fetch "$client_a" "http://$server_address/"
sleep 1.2
phase 'Both clients try the site by name again, in vain'
fetch "$client_b" "http://$site/"
sleep 0.9
fetch "$client_a" "http://$site/"
sleep 1
ask "$client_a" +tries=3 +time=1 files.example.org A
sleep 0.7
fetch "$client_b" "http://$site/"
sleep 1.3

phase 'The DNS service is started again: both clients load the site'
start_dns
sleep 0.6
fetch "$client_b" "http://$site/"
sleep 0.8
fetch "$client_a" "http://$site/"
ask "$client_a" files.example.org A
ask "$client_b" "$site" A
# Beyond the usual time-out of 5 s, so that the last questions are known to have been answered.
sleep 5.5
phase 'The recording ends'
kill "${recorders[@]}"
wait "${recorders[@]}" || true

# --- The samples ---------------------------------------------------------------------------
# The log is the recording of client B as tcpdump prints it while it listens.
TZ=UTC tcpdump -n -r "$work/client-b.pcap" >"$work/client-b.log" 2>/dev/null

is_query='dns.flags.response == 0 && !icmp'
is_response='dns.flags.response == 1 && !icmp'
is_refusal='icmp.type == 3 && icmp.code == 3'
is_reset='tcp.flags.reset == 1'
count() { tshark -n -r "$1" -Y "$2" 2>/dev/null | wc -l; }
count_text() { grep -cE "$1" "$work/client-b.log" || true; }
# shellcheck disable=SC2016 # Markdown's backquotes
row() { printf '| `%s` | %d | %d | %d | %d | %d |\n' "$@"; }

capture_row() { # SAMPLE CAPTURE
  row "$1" "$(count "$2" frame)" "$(count "$2" "$is_query")" "$(count "$2" "$is_response")" \
    "$(count "$2" "$is_refusal")" "$(count "$2" "$is_reset")"
}
printed=$(row client-b.log "$(count_text '^[0-9]')" \
  "$(count_text '\.53: [0-9]+.*\? ')" "$(count_text '\.53 > [^ ]+: [0-9]+')" \
  "$(count_text 'udp port 53 unreachable')" "$(count_text 'Flags \[R')")
[ "$printed" = "$(capture_row client-b.log "$work/client-b.pcap")" ] ||
  die "client-b.log and the capture that it was printed from differ: $printed"

[ "$(count "$work/server.pcapng" "$is_refusal")" -gt 0 ] || die "nothing was refused: no incident"

{
  echo "Recorded on $recorded_on, times in UTC."
  printf '\n| time | what happened |\n| --- | --- |\n'
  cat "$work/phases"
  printf '\n| file | packets | DNS queries | DNS responses | ICMP 3/3 | TCP resets |\n'
  printf '| --- | ---: | ---: | ---: | ---: | ---: |\n'
  capture_row client-a.pcap "$work/client-a.pcap"
  echo "$printed"
  capture_row server.pcapng "$work/server.pcapng"
} >"$work/figures"

for sample in client-a.pcap client-b.log server.pcapng; do
  [ "$(wc -c <"$work/$sample")" -lt 40000 ] || die "$sample would be larger than 40 kB"
  install -m 644 "$work/$sample" "$here/$sample"
done
awk -v figures="$work/figures" '
  /^<!-- figures: end/ { skipping = 0 }
  !skipping { print }
  /^<!-- figures: begin/ { skipping = 1; while ((getline line < figures) > 0) print line }
' "$here/README.md" >"$work/README.md"
cp "$work/README.md" "$here/README.md"
chown --reference="$here" "$here"/*.pcap "$here"/*.pcapng "$here"/*.log
cat "$work/figures"
if [ -n "${KEEP_USERS_LOG:-}" ]; then cp "$work/users.log" "$KEEP_USERS_LOG"; fi
