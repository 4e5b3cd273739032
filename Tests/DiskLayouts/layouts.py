"""A disk layout that was made for real, held against the plan.

    layouts.py script make|mount DISKO.json      our own reading of disko's words, as a shell script
    layouts.py same make|mount DISKO.json REPORT the same, against what disko's own script asked programs for
    layouts.py scripts EVALUATED DISKO FOLDER    disko's own, as nix-evaluation has them, for a machine without a store
    layouts.py fstab INSTALL.json                the plan's lines of fstab
    layouts.py disks INSTALL.json FOLDER         a blank file for each disk; prints the guest's list of them
    layouts.py compare INSTALL.json FOLDER REPORT AGAIN    the plan against both reports; prints figures

DISKO.json is what a node's disko.nix evaluates to. A difference is printed, and makes the exit status 1.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

KEY = "KEY"


# --- disko's words to commands

def partitions(disk):
    """Number, name and words of each, in disko's order."""
    def priority(item):
        name, words = item
        usual = 9001 if words["size"] == "100%" else 100 if words["type"] == "EF02" else 1000
        return words.get("priority", usual), name
    found = sorted(disk["content"]["partitions"].items(), key=priority)
    return [(number + 1, name, words) for number, (name, words) in enumerate(found)]


def mounted(options):
    return [word for option in options for word in ("-o", option)] + ["-o", "X-mount.mkdir"]


def in_order(devices):
    """Kinds and names as disko goes through them: in the order of names, what a device needs before it."""
    needs = {}

    def walk(words, owner):
        parts = [words.get("content"), *words.get("partitions", {}).values(), *words.get("lvs", {}).values()]
        if words.get("type") == "lvm_pv":
            needs.setdefault(("lvm_vg", words["vg"]), []).append(owner)
        if words.get("type") == "mdraid":
            needs.setdefault(("mdadm", words["name"]), []).append(owner)
        for part in parts:
            if part:
                walk(part, owner)

    waiting = [(kind, name) for kind in sorted(devices) for name in sorted(devices[kind])]
    for kind, name in waiting:
        walk(devices[kind][name], (kind, name))
    while waiting:
        first = waiting[0]
        while missing := [one for one in waiting if one in needs.get(first, [])]:
            first = missing[0]
        waiting.remove(first)
        yield first


class Reading:
    """What must be done for a layout: to make it, to open what is closed after a start, and to mount."""

    def __init__(self, devices):
        self.make, self.open, self.mounts = [], [], {}
        self.members, self.volumes, self.key = {}, {}, None
        for kind, name in in_order(devices):
            getattr(self, kind)(name, devices[kind][name])

    def disk(self, name, disk):
        device = disk["device"]
        self.make.append(["sgdisk", "--clear", device])
        for number, part, words in partitions(disk):
            end = "-0" if words["size"] == "100%" else "+" + words["size"]
            self.make.append([
                "sgdisk", "--align-end", f"--new={number}:0:{end}", f"--partition-guid={number}:R",
                f"--change-name={number}:disk-{name}-{part}", f"--typecode={number}:{words['type']}",
                f"--attributes={number}:=:0", device])
        for _, part, words in partitions(disk):
            self.content(words.get("content"), f"/dev/disk/by-partlabel/disk-{name}-{part}")

    def mdadm(self, name, array):
        device, members = f"/dev/md/{name}", self.members[name]
        self.make.append([
            "mdadm", "--create", device, f"--level={array['level']}", f"--raid-devices={len(members)}",
            f"--metadata={array['metadata']}", "--force", "--homehost=any", *array.get("extraArgs", []), *members])
        self.make.append(["sgdisk", "--zap-all", device])
        self.content(array.get("content"), device)

    def lvm_vg(self, name, group):
        self.make.append(["vgcreate", name, *self.volumes[name]])
        self.open.append(["vgchange", "-a", "y"])
        lvs = sorted(group["lvs"].items(), key=lambda item: (item[1]["priority"], item[0]))
        for volume, words in lvs:
            kind = "-l" if "%" in words["size"] else "-L"
            self.make.append(["lvcreate", "--yes", kind, words["size"], "-n", volume,
                              *words.get("extraArgs", []), name])
        for volume, words in lvs:
            self.content(words.get("content"), f"/dev/{name}/{volume}")

    def content(self, words, device):
        if words is not None:
            getattr(self, words["type"])(words, device)

    def filesystem(self, words, device):
        self.make.append([f"mkfs.{words['format']}", *words.get("extraArgs", []), device])
        target = words["mountpoint"]
        self.mounts[target] = ["mount", device, f"/mnt{target}", "-t", words["format"],
                               *mounted(words.get("mountOptions", ["defaults"]))]

    def swap(self, words, device):
        if not words.get("randomEncryption"):
            self.make.append(["mkswap", *words.get("extraArgs", []), device])

    def mdraid(self, words, device):
        self.members.setdefault(words["name"], []).append(device)

    def lvm_pv(self, words, device):
        self.make.append(["pvcreate", device])
        self.volumes.setdefault(words["vg"], []).append(device)

    def luks(self, words, device):
        self.key = words["passwordFile"]
        discards = ["--allow-discards"] if words.get("settings", {}).get("allowDiscards") else []
        opened = ["cryptsetup", "open", device, words["name"], *discards, "--key-file", KEY]
        self.make.append(["cryptsetup", "-q", "luksFormat", device, "--key-file", KEY])
        self.make.append([*opened, "--persistent"])
        self.open.append(opened)
        self.content(words["content"], "/dev/mapper/" + words["name"])

    def btrfs(self, words, device):
        self.make.append(["mkfs.btrfs", device, *words.get("extraArgs", [])])
        for name, volume in sorted(words["subvolumes"].items()):
            self.make.append(["mount", device, "FOLDER", "-o", "subvol=/"])
            self.make.append(["btrfs", "subvolume", "create", f"FOLDER/{name}"])
            target = volume["mountpoint"]
            self.mounts[target] = ["mount", device, f"/mnt{target}",
                                   *mounted([*volume.get("mountOptions", ["defaults"]), f"subvol={name}"])]

    def commands(self, phase):
        """As disko does: what is made is mounted too. A parent is mounted before what is below it."""
        mounts = [self.mounts[target] for target in sorted(self.mounts)]
        return self.make + [one for one in self.open if one[0] != "cryptsetup"] + mounts if phase == "make" \
            else self.open + mounts


def reading(path):
    return Reading(json.load(open(path))["disko"]["devices"])


def script(phase, path):
    print("set -euxo pipefail")
    found = reading(path)
    folder = False
    for command in found.commands(phase):
        if "FOLDER" in command:
            print("folder=$(mktemp -d)")
        words = []
        for word in command:
            if word == KEY:
                words.append(f'<(printf %s "$(cat {shlex.quote(found.key)})")')
            elif word.startswith("FOLDER"):
                words.append(f'"$folder{word.removeprefix("FOLDER")}"')
                folder = word != "FOLDER"
            else:
                words.append(shlex.quote(word))
        # mdadm asks whether it is to go on where a disk is not blank.
        print(" ".join(words) + (" <<<y" if command[:2] == ["mdadm", "--create"] else ""))
        if folder:
            print('umount "$folder"; rmdir "$folder"')
            folder = False
        if command[0] != "mount":
            print("udevadm trigger --subsystem-match=block; udevadm settle --timeout 120")
    return True


# --- what disko's own script asked for

# Questions, which change nothing. Whatever else a recorded program is asked for must be among ours.
QUESTIONS = [["cryptsetup", "isLuks"], ["cryptsetup", "status"], ["btrfs", "subvolume", "show"], ["mdadm", "--detail"],
             ["swapon", "--show"]]


def same(phase, path, report):
    ours = reading(path).commands(phase)
    theirs = [line.split("\t") for line in parts(report)["commands"]]
    theirs = [one for one in theirs if not any(one[:len(words)] == words for words in QUESTIONS)]
    # Siblings may be mounted in any order.
    mount = lambda one: one[0] == "mount" and one[2].startswith("/mnt")
    wanted = [one for one in ours if not mount(one)], sorted(one for one in ours if mount(one))
    found = [one for one in theirs if not mount(one)], sorted(one for one in theirs if mount(one))
    if wanted == found:
        return True
    for a, b in zip(wanted, found):
        for one in [one for one in a if one not in b]:
            say("disko does not do: " + shlex.join(one))
        for one in [one for one in b if one not in a]:
            say("disko does: " + shlex.join(one))
    say("disko does other things, or in another order")
    return False


def scripts(evaluated, disko, folder):
    """`guard`, which ends in `disko`, and `mount`. Their programs are found by PATH; another script of disko's is copied."""
    found = json.load(open(evaluated))
    os.mkdir(folder)
    shutil.copytree(f"{disko}/disk-deactivate", f"{folder}/disk-deactivate")
    texts = {"guard": found["scripts"]["diskoScript"], "disko": found["format"], "mount": found["scripts"]["mountScript"]}
    for name, text in texts.items():
        text = re.sub(r"/nix/store/[a-z0-9]{32}-disk-deactivate/", "/disko/disk-deactivate/", text)
        text = re.sub(r"^exec /nix/store/[a-z0-9]{32}-disko ", "exec bash /disko/disko ", text, flags=re.M)
        with open(f"{folder}/{name}", "w") as file:
            file.write(text)
    return True


# --- the plan and what there is

said = []


def say(text):
    said.append(text)
    print(f"layouts: {text}", file=sys.stderr)


def parts(report):
    found, name = {}, None
    for line in open(report):
        line = line.rstrip("\n")
        if line.startswith("@@ "):
            name = line[3:]
            found[name] = []
        elif name:
            found[name].append(line)
    return found


def storage(install):
    return json.load(open(install))["storage"]


def fstab(install):
    for line in storage(install)["mounts"]:
        print(line["source"], line["target"], line["format"], ",".join(line["options"]), 0, line["pass"])
    return True


def disks(install, folder):
    for disk in storage(install)["disks"]:
        with open(f"{folder}/{disk['serial']}", "wb") as file:
            file.truncate(disk["bytes"])
        print(f"{folder}/{disk['serial']} {disk['serial']}")
    return True


def tables(plan, folder):
    count = 0
    for disk in plan["disks"]:
        path = f"{folder}/{disk['serial']}"
        verified = subprocess.run(["sgdisk", "--verify", path], capture_output=True, text=True)
        if verified.returncode != 0 or "No problems found" not in verified.stdout:
            say(f"{disk['name']}: {verified.stdout}")
        listed = subprocess.run(["sgdisk", "--print", path], capture_output=True, text=True).stdout.split("\n")
        numbers = [line.split()[0] for line in listed if line[:4].strip().isdigit()]
        if numbers != [str(one["number"]) for one in disk["partitions"]]:
            say(f"{disk['name']} has partitions {numbers}")
        for one in disk["partitions"]:
            shown = subprocess.run(["sgdisk", f"--info={one['number']}", path], capture_output=True, text=True).stdout
            facts = dict(line.split(": ", 1) for line in shown.split("\n") if ": " in line)
            found = [facts.get(key, "").split(" ")[0] for key in ("First sector", "Last sector", "Partition name")]
            if found != [str(one["first"]), str(one["last"]), f"'{one['label']}'"]:
                say(f"partition {one['number']} of {disk['name']} is {found}, planned was {one}")
            count += 1
    return count


def one_report(plan, report):
    """Arrays, groups, volumes, devices, file systems and mounts of one start. The number of sizes that were right."""
    right = 0

    def equal(what, found, wanted):
        nonlocal right
        if found == wanted:
            right += 1
        else:
            say(f"{report}: {what} is {found}, planned was {wanted}")

    arrays = [line.split() for line in report_parts(report, "arrays")]
    equal("arrays", sorted(arrays), sorted(
        [one["name"], f"raid{one['level']}", one["metadata"], str(one["bytes"]), str(len(one["disks"])), "0"]
        for one in plan.get("arrays", [])))
    extents = {}
    groups = []
    for line in report_parts(report, "groups"):
        name, count, size = line.split()
        extents[name] = int(size)
        groups.append([name, int(count)])
    equal("volume groups", sorted(groups), sorted([one["name"], one["extents"]] for one in plan.get("groups", [])))
    volumes = {tuple(line.split()[:2]): int(line.split()[2]) for line in report_parts(report, "volumes")}
    equal("volumes", volumes, {
        (group["name"], one["name"]): one["extents"] * extents.get(group["name"], 0)
        for group in plan.get("groups", []) for one in group["volumes"]})

    # Every source of fstab is a partition or a volume of the plan, of that size.
    sizes = {f"/dev/disk/by-partlabel/{one['label']}": (one["last"] - one["first"] + 1) * 512
             for disk in plan["disks"] for one in disk["partitions"]}
    sizes |= {f"/dev/{group}/{name}": size for (group, name), size in volumes.items()}
    sizes |= {f"/dev/md/{one['name']}": one["bytes"] for one in plan.get("arrays", [])}
    devices = {line.split()[0]: line.split()[1:] for line in report_parts(report, "devices")}
    stated = dict(line.split() for line in report_parts(report, "sizes"))
    swaps = dict(line.split() for line in report_parts(report, "swap"))
    mounts = {}
    for line in report_parts(report, "mounts"):
        device, source, target, kind, options = line.split(" ")
        mounts[target.removeprefix("/mnt") or "/"] = device, source, kind, options
    for line in plan["mounts"]:
        source, target = line["source"], line["target"]
        if line["format"] == "swap":
            # Encrypted with a key of that start: the partition alone is there.
            if not source.startswith("/dev/mapper/dev-disk-"):
                equal(f"{source} is swap and", swaps.get(source), "swap")
                equal(source, int(devices.get(source, ["", 0])[1]), sizes.get(source))
            continue
        real, size = devices.get(source, ["", 0])
        if source in sizes:
            equal(source, int(size), sizes[source])
        elif not source.startswith("/dev/mapper/"):
            say(f"{source} is no device of the plan")
        # A file system has whole blocks, FAT whole tracks; XFS none in an allocation group that would be too small.
        slack = int(size) - int(stated.get(target, 0))
        if not 0 <= slack < {"xfs": 65536, "vfat": 63 * 512}.get(line["format"], 4096):
            say(f"{report}: the {line['format']} of {target} has {stated.get(target)} bytes of {size}")
        else:
            right += 1
        check_mount(report, mounts, line, real, equal)
    equal("mounts", sorted(mounts), sorted(one["target"] for one in plan["mounts"] if one["format"] != "swap"))
    return right


# What fstab says to those who mount and not to the file system, and what the kernel shows under another name.
UNSHOWN = {"defaults", "nofail"}
SHOWN = {"umask=0077": {"fmask=0077", "dmask=0077"}, "compress=zstd": {"compress=zstd:3"}}


def check_mount(report, mounts, line, real, equal):
    target = line["target"]
    device, source, kind, options = mounts.get(target, ("", "", "", ""))
    equal(f"device of {target}", device, real)
    equal(f"format of {target}", kind, line["format"])
    options = set(options.split(","))
    for option in line["options"]:
        if option in UNSHOWN:
            continue
        wanted = {f"subvol=/{option[7:]}"} if option.startswith("subvol=") else SHOWN.get(option, {option})
        if not wanted <= options:
            say(f"{report}: {target} is mounted with {sorted(options)}, and not {option}")
    bracket = source.find("[")  # a subvolume is shown as DEVICE[/NAME]
    equal(f"subvolume of {target}", source[bracket:] if bracket >= 0 else "",
          next((f"[/{one[7:]}]" for one in line["options"] if one.startswith("subvol=")), ""))


def report_parts(report, name):
    return [line for line in parts(report).get(name, []) if line.strip()]


def compare(install, folder, first, again):
    plan = storage(install)
    count = tables(plan, folder)
    sizes = one_report(plan, first) + one_report(plan, again)
    written, kept = report_parts(first, "sums"), report_parts(again, "sums")
    targets = [one["target"] for one in plan["mounts"] if one["format"] != "swap"]
    if [line.split()[0] for line in written] != targets:
        say(f"written were {written}")
    if kept != written:
        say(f"what was written is not there after the next start: {written}, {kept}")
    if report_parts(again, "sums-of-fstab") != written:
        say(f"the plan's fstab does not mount what was written: {report_parts(again, 'sums-of-fstab')}")
    swaps = [one for one in plan["mounts"] if one["format"] == "swap" and not one["source"].startswith("/dev/mapper/dev-")]
    if len(report_parts(again, "swaps-in-use")) != len(swaps):
        say(f"swap in use: {report_parts(again, 'swaps-in-use')}")
    for before, after in zip(report_parts(again, "mounts"), report_parts(again, "mounts-of-fstab")):
        if before.replace(" /mnt", " ", 1) != after.replace(" /node", " ", 1):
            say(f"disko mounts {before}, fstab {after}")
    print(count, len(targets), sizes)
    return not said


if __name__ == "__main__":
    verb, *words = sys.argv[1:]
    verbs = {"script": script, "same": same, "scripts": scripts, "fstab": fstab, "disks": disks, "compare": compare}
    sys.exit(0 if verbs[verb](*words) else 1)
