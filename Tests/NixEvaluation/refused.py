"""The table of wrong configurations, for disko and NixOS.

    refused.py split FOLDER TABLE...     a folder for each case, with the texts that are for them
    refused.py compare FOLDER TABLE...   what they said against what the table says; figures on standard output
    refused.py record FOLDER TABLE...    writes what they said into the table, to be read by somebody
"""

import os
import re
import sys


def cases(path):
    """Each case's name, columns and texts."""
    for text in re.split(r"^(?=case )", open(path).read(), flags=re.M):
        if not text.startswith("case "):
            continue
        head = dict(re.findall(r"^(case|said|disko|nixos) (.*)$", text, re.M))
        blocks = {}
        for line in text.split("\n"):
            if line and not line.startswith(" "):
                block = blocks.setdefault(line, [])
            elif line:
                block.append(line[2:])
        yield head, blocks


def split(folder, tables):
    for table in tables:
        for head, blocks in cases(table):
            place = f"{folder}/{head['case']}"
            os.makedirs(place)
            for name, head in (("disks", "with vocabulary;"), ("module", "{ pkgs, ... }: with vocabulary;")):
                if name in blocks:
                    with open(f"{place}/{name}.nix", "w") as file:
                        file.write("\n".join([f"vocabulary: {head} {{", *blocks[name], "}"]) + "\n")
    return True


def compare(folder, tables):
    wrong, count, accepted = False, 0, {"disko": 0, "nixos": 0}
    for table in tables:
        for head, _ in cases(table):
            count += 1
            for judge in ("disko", "nixos"):
                said = open(f"{folder}/{head['case']}/{judge}").read().strip()
                accepted[judge] += said == "accepts"
                if said != head[judge]:
                    wrong = True
                    print(f"{head['case']}: {judge} {said}, the table says {head[judge]}", file=sys.stderr)
    print(f"figure: wrong-configurations {count}")
    print(f"figure: accepted-by-disko {accepted['disko']}")
    print(f"figure: accepted-by-nixos {accepted['nixos']}")
    return not wrong


def record(folder, tables):
    for table in tables:
        text = open(table).read()
        for head, _ in cases(table):
            columns = {judge: open(f"{folder}/{head['case']}/{judge}").read().strip() for judge in ("disko", "nixos")}
            text = re.sub(
                rf"^(case {re.escape(head['case'])}\nsaid .*\n)disko .*\nnixos .*$",
                rf"\1disko {columns['disko']}\nnixos {columns['nixos']}", text, flags=re.M)
        with open(table, "w") as file:
            file.write(text)
    return False


if __name__ == "__main__":
    verb, folder, *tables = sys.argv[1:]
    sys.exit(0 if {"split": split, "compare": compare, "record": record}[verb](folder, tables) else 1)
