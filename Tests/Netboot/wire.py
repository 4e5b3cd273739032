#!/usr/bin/env python3
"""A cable between a card of this host and the card of a machine under QEMU, whose end is a datagram socket: a frame is a
datagram (qemu(1), -netdev dgram). Needs no /dev/net/tun.

usage: wire.py CARD HERE THERE     as root; HERE and THERE are paths of sockets
"""
import array
import fcntl
import os
import select
import socket
import struct
import sys

# linux/ethtool.h: checksums and segments are left to the card, and this one leaves them undone.
SIOCETHTOOL = 0x8946
SET_TX_CHECKSUMS, SET_SCATTER, SET_TSO, SET_GSO = 0x17, 0x19, 0x1F, 0x24


def finish_frames(card):
    """Lets the kernel send whole frames by a card: with checksums, and no longer than its MTU."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for command in (SET_TX_CHECKSUMS, SET_SCATTER, SET_TSO, SET_GSO):
            value = array.array("B", struct.pack("II", command, 0))
            request = struct.pack("16sP8x", card.encode("ascii"), value.buffer_info()[0])
            fcntl.ioctl(any_socket, SIOCETHTOOL, request)


def main():
    card, here, there = sys.argv[1:]
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0003))
    wire.bind((card, 0))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    machine = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    if os.path.exists(here):
        os.unlink(here)
    machine.bind(here)
    while True:
        for end in select.select([wire, machine], [], [])[0]:
            if end is machine:
                wire.send(machine.recv(65536))
                continue
            frame, place = wire.recvfrom(65536)
            if place[2] == socket.PACKET_OUTGOING:
                continue
            try:
                machine.sendto(frame, there)
            except OSError:
                # The machine is not there yet, or not any more; a cable loses frames too.
                pass


if sys.argv[1] == "--finish":
    finish_frames(sys.argv[2])
else:
    main()
