#!/usr/bin/env python3
"""Writes lossy.pcap: seven TCP connections over a bad line, made up at random, the same each time.

Segments are lost, overtake each other and are sent again, fast and after a time-out; receivers close
their windows and are probed; ends keep connections alive; the capture itself misses some packets and
keeps 54 octets of each (Ethernet, IPv4 and TCP headers). Some connections are seen from the SYN on, and
sequence numbers pass 2^32. Addresses are those for documentation (RFC 5737).

What TCPEventsTests expects of it is what tshark 4.0.17 says:
  tshark -n -r lossy.pcap -Y tcp.analysis.retransmission -T fields -e frame.number
"""
import random
import struct
from pathlib import Path

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
MS = 1_000_000
SNAP = 54
random_ = random.Random(24)
choice, chance, number = random_.choice, lambda p: random_.random() < p, random_.randrange
packets = []


class Connection:
    def __init__(self):
        self.ends = [(bytes([192, 0, 2, number(1, 200)]), number(1024, 60000)),
                     (bytes([198, 51, 100, number(1, 200)]), choice([22, 80, 443]))]
        self.time = number(10**9) * 10
        self.trip = choice([MS // 5, 5 * MS, 40 * MS, 120 * MS])
        self.loss, self.missed = choice([0.02, 0.1]), choice([0, 0, 0.03])
        self.next = [choice([number(2**32), 2**32 - number(1, 20000)]) for _ in "ab"]
        self.acknowledged = self.next[::-1]
        self.sent = [[], []]

    def segment(self, end, sequence, flags, window=502, length=0, acknowledgment=None):
        if chance(self.missed):
            return
        (source, source_port), (target, target_port) = self.ends[end], self.ends[1 - end]
        answers = self.acknowledged[end] if acknowledgment is None else acknowledgment
        tcp = struct.pack(">HHIIBBHHH", source_port, target_port, sequence % 2**32,
                          answers % 2**32 if flags & ACK else 0, 0x50, flags, window, 0, 0)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + length, number(65536), 0, 64, 6, 0)
        ethernet = b"\2\0" + target + b"\2\0" + source + b"\x08\0"
        packets.append((self.time, ethernet + ip + source + target + tcp, SNAP + length))

    def handshake(self):
        for attempt in range(choice([1, 1, 1, 3])):
            self.time += 1000 * MS if attempt else 0
            self.segment(0, self.next[0], SYN, 64240)
        self.time += self.trip
        self.segment(1, self.next[1], SYN | ACK, 65160, acknowledgment=self.next[0] + 1)
        self.time += self.trip
        self.next = [self.next[0] + 1, self.next[1] + 1]
        self.acknowledged = self.next[::-1]
        self.segment(0, self.next[0], ACK)

    def burst(self, end, window):
        segments = []
        for _ in range(number(1, 6)):
            length = choice([1460, 1460, 1460, 1460, 1, number(1, 1460)])
            segments.append((self.next[end], length))
            self.next[end] += length
        self.sent[end] += segments
        if chance(0.25):
            random_.shuffle(segments)
        for sequence, length in segments:
            self.time += number(1000, 300_000)
            if not chance(self.loss):
                self.segment(end, sequence, choice([ACK, PSH | ACK]), window, length)

    def again(self, end, window):
        if self.sent[end]:
            sequence, length = choice(self.sent[end][-8:])
            part = 1 if length > 2 and chance(0.2) else 0
            self.segment(end, sequence + part, PSH | ACK, window, length - part)

    def acknowledge(self, end, window):
        peer = 1 - end
        places = [self.next[peer]] * 3 + [sequence for sequence, _ in self.sent[peer][-4:]]
        self.acknowledged[end] = max(self.acknowledged[end], choice(places))
        for _ in range(choice([1, 1, 2, 4])):
            self.time += number(1000, 2 * MS)
            self.segment(end, self.next[end], ACK, window)
        for sequence, length in self.sent[peer][-8:]:
            if sequence == self.acknowledged[end] and chance(0.5):
                self.time += choice([MS, 5 * MS, 30 * MS])
                self.segment(peer, sequence, ACK, length=length)

    def close_window(self, end):
        peer = 1 - end
        self.segment(end, self.next[end], ACK, 0)
        if chance(0.7):
            self.time += 200 * MS
            self.segment(peer, self.next[peer], ACK, length=1)
            self.time += self.trip
            if chance(0.5):
                self.next[peer] += 1
            self.acknowledged[end] = self.next[peer]
            self.segment(end, self.next[end], ACK, choice([0, 502]))

    def keep_alive(self, end, window):
        self.time += 10_000 * MS
        self.segment(end, self.next[end] - 1, ACK, window, choice([0, 0, 1]))
        self.time += self.trip
        self.segment(1 - end, self.next[1 - end], ACK)

    def finish(self, end, window):
        for _ in range(2):
            self.segment(end, self.next[end], FIN | ACK, window)
            self.time += 100 * MS
        self.next[end] += 1

    def run(self):
        if chance(0.8):
            self.handshake()
        for _ in range(number(3, 60)):
            end = choice([0, 1, 1, 1])
            window = choice([502] * 8 + [number(1, 600)])
            self.time += choice([10_000, 100_000, self.trip, 2 * self.trip, 300 * MS])
            step = random_.random()
            if step < 0.5:
                self.burst(end, window)
            elif step < 0.62:
                self.again(end, window)
            elif step < 0.85:
                self.acknowledge(end, window)
            elif step < 0.9:
                self.close_window(end)
            elif step < 0.95:
                self.keep_alive(end, window)
            elif step < 0.97:
                self.finish(end, window)
            elif step < 0.98:
                self.segment(end, self.next[end], choice([RST, RST | ACK]), 0)


for _ in range(7):
    Connection().run()
packets.sort(key=lambda packet: packet[0])
with open(Path(__file__).with_name("lossy.pcap"), "wb") as file:
    file.write(struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, SNAP, 1))
    for time, octets, length in packets:
        file.write(struct.pack("<IIII", 1_795_521_600 + time // 10**9, time % 10**9,
                               len(octets), length) + octets)
