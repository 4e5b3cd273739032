#!/usr/bin/env python3
"""Asks a DHCP server for every processor architecture of option 93, as firmware and as iPXE, for a known machine and a
stranger, and prints what each would boot from.

usage: dhcp_probe.py CARD     as root, on a card that the server sees; a line for each question
"""
import socket
import struct
import sys
import time

KINDS = [
    ("bios", 0, b"PXEClient:Arch:00000:UNDI:002001", b""),
    ("bios-ipxe", 0, b"PXEClient:Arch:00000:UNDI:002001", b"iPXE"),
    ("ia32", 6, b"PXEClient:Arch:00006:UNDI:003001", b""),
    ("x64", 7, b"PXEClient:Arch:00007:UNDI:003001", b""),
    ("x64-ebc", 9, b"PXEClient:Arch:00009:UNDI:003001", b""),
    ("x64-ipxe", 7, b"PXEClient:Arch:00007:UNDI:003010", b"iPXE"),
    ("arm32", 10, b"PXEClient:Arch:00010:UNDI:003001", b""),
    ("arm64", 11, b"PXEClient:Arch:00011:UNDI:003001", b""),
    ("ia32-http", 15, b"HTTPClient:Arch:00015:UNDI:003001", b""),
    ("x64-http", 16, b"HTTPClient:Arch:00016:UNDI:003001", b""),
    ("arm64-http", 19, b"HTTPClient:Arch:00019:UNDI:003001", b""),
    ("linux", None, b"", b""),
]
KNOWN = bytes.fromhex("525400000101")
STRANGER = bytes.fromhex("02aa00000001")


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def option(code, value):
    return bytes([code, len(value)]) + value


def discover(mac, number, arch, vendor, user):
    """An Ethernet frame with a DHCPDISCOVER (RFC 2131; options 93, 94, 97: RFC 4578)."""
    options = option(53, b"\1") + option(55, bytes([1, 3, 6, 12, 43, 60, 66, 67, 175]))
    if arch is not None:
        options += option(93, struct.pack("!H", arch)) + option(94, b"\1\3\x10")
        options += option(97, b"\0" + mac + b"\0" * 10)
    if vendor:
        options += option(60, vendor)
    if user:
        options += option(77, user)
    message = struct.pack("!BBBBIHH16s16s64s128s", 1, 1, 6, 0, number, 0, 0x8000, b"", mac, b"", b"")
    message = (message + b"\x63\x82\x53\x63" + options + b"\xff").ljust(300, b"\0")
    packet = struct.pack("!HHHH", 68, 67, 8 + len(message), 0) + message
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(packet), 1, 0, 64, 17, 0, b"\0" * 4, b"\xff" * 4)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return b"\xff" * 6 + mac + b"\x08\0" + header + packet


def offer(frame, number):
    """What a frame offers, when it is the answer to this question."""
    if frame[12:14] != b"\x08\0" or frame[23] != 17:
        return None
    message = frame[14 + (frame[14] & 15) * 4 + 8:]
    if len(message) < 240 or message[0] != 2 or struct.unpack("!I", message[4:8])[0] != number:
        return None
    options, place = {}, 240
    while place < len(message) and message[place] != 255:
        if message[place] == 0:
            place += 1
            continue
        options[message[place]] = message[place + 2:place + 2 + message[place + 1]]
        place += 2 + message[place + 1]
    name = message[108:236].split(b"\0")[0] or options.get(67, b"").rstrip(b"\0")
    return "address=%s boot=%s vendor=%s host=%s" % (
        socket.inet_ntoa(message[16:20]), name.decode("ascii") or "-",
        options.get(60, b"").decode("ascii") or "-", options.get(12, b"").decode("ascii") or "-")


def ask(card, mac, number, kind, patience):
    """The offer to one question, asked again each second; None when there is none within the patience."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        card.send(discover(mac, number, *kind))
        again = min(end, time.monotonic() + 1)
        while time.monotonic() < again:
            card.settimeout(max(0.01, again - time.monotonic()))
            try:
                found = offer(card.recv(2048), number)
            except socket.timeout:
                break
            if found:
                return found
    return None


def main():
    card = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    card.bind((sys.argv[1], 0))
    for number, (name, *kind) in enumerate(KINDS, 0x1000):
        print(name, ask(card, KNOWN, number, kind, 60) or "nothing")
    # That nobody answers shows after a while only; one question stands for all.
    print("stranger", ask(card, STRANGER, 0x2000, KINDS[0][1:], 3) or "nothing")


main()
