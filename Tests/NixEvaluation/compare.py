"""What NixOS and disko made of a node, held against what was built for it.

    compare.py node EVALUATED NODE-FOLDER PROFILES...   units, fstab, firewall, tables, users; figures on standard output
    compare.py installer EVALUATED FLAKE TOPLEVELS      the installer, and what others are told to build
    compare.py test                                     the normaliser's own tests

A difference is printed, and makes the exit status 1.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

# What NixOS writes otherwise and means the same; nothing else is forgiven. Each has a test below.
LISTS = {"After", "Before", "BindsTo", "Conflicts", "PartOf", "Requires", "RequiresMountsFor", "Upholds", "WantedBy",
         "Wants", "RequiredBy"}
OWN = re.compile(r'^Environment="(LOCALE_ARCHIVE|PATH|TZDIR)=/nix/store/[^"]*"$')
STORE = re.compile(r"/nix/store/[a-z0-9]{32}-[A-Za-z0-9+._?=-]+/bin/")
PROFILE = "/run/current-system/sw/bin/"


def normalised(text):
    """The unit's directives, sorted: (section, key, value)."""
    section, found, order = "", [], {}
    for line in text.split("\n"):
        line = line.rstrip(" ")  # a script's ExecStart ends in a blank
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            continue
        if OWN.match(line):
            continue
        key, value = line.split("=", 1)
        value = STORE.sub(PROFILE, value)
        for word in value.split(" ") if key in LISTS else [value]:
            # Lines of one key keep their order: it may mean something. Dependencies are a set.
            place = 0 if key in LISTS else order.setdefault((section, key), 0)
            if key not in LISTS:
                order[section, key] += 1
            found.append((section, key, place, word))
    return sorted(found)


def test():
    same = [
        ("keys in another order", "[Service]\nType=exec\nUser=a\n", "[Service]\nUser=a\nType=exec\n"),
        ("a list on one line", "[Unit]\nAfter=a.service b.service\n", "[Unit]\nAfter=a.service\nAfter=b.service\n"),
        ("NixOS's own variables", '[Service]\nEnvironment="PATH=/nix/store/x/bin"\n'
         'Environment="TZDIR=/nix/store/x"\nEnvironment="LOCALE_ARCHIVE=/nix/store/x"\n', "[Service]\n"),
        ("a program's path", f"[Service]\nExecStart=/nix/store/{'a' * 32}-x-1.0/bin/x --y\n",
         "[Service]\nExecStart=/run/current-system/sw/bin/x --y\n"),
        ("a blank at the end", "[Service]\nExecStart=/bin/x \n", "[Service]\nExecStart=/bin/x\n"),
        ("comments and empty lines", "# x\n\n[Service]\n\nType=exec\n", "[Service]\nType=exec\n"),
    ]
    other = [
        ("another value", "[Service]\nType=exec\n", "[Service]\nType=notify\n"),
        ("a missing line", "[Service]\nType=exec\n", "[Service]\n"),
        ("another section", "[Unit]\nX=1\n", "[Service]\nX=1\n"),
        ("another order of one key", "[Service]\nExecStartPre=a\nExecStartPre=b\n",
         "[Service]\nExecStartPre=b\nExecStartPre=a\n"),
        ("a variable of the service", '[Service]\nEnvironment="A=b"\n', "[Service]\n"),
        ("another program", f"[Service]\nExecStart=/nix/store/{'a' * 32}-x/bin/y\n",
         "[Service]\nExecStart=/run/current-system/sw/bin/x\n"),
        ("a file of the store", f"[Service]\nX=/nix/store/{'a' * 32}-x/etc/y\n", "[Service]\nX=/etc/y\n"),
    ]
    failed = [name for name, a, b in same if normalised(a) != normalised(b)]
    failed += [name for name, a, b in other if normalised(a) == normalised(b)]
    for name in failed:
        print(f"compare: the normaliser is wrong about {name}", file=sys.stderr)
    return not failed


def units(evaluated, folder, say):
    """Every native unit, as NixOS renders it."""
    count = 0
    for name in sorted(os.listdir(f"{folder}/units")):
        ours = normalised(open(f"{folder}/units/{name}").read())
        theirs = evaluated["units"].get(name)
        if theirs is None:
            say(f"NixOS has no {name}")
            continue
        count += 1
        # What wants a unit is a link to NixOS, and a line of [Install] to others.
        links = sorted(("Install", "WantedBy", 0, unit) for unit in theirs["wantedBy"])
        theirs = sorted([line for line in normalised(theirs["text"]) if line[0] != "Install"] + links)
        for line in ours:
            if line not in theirs:
                say(f"{name}: NixOS does not have {line}")
        for line in theirs:
            if line not in ours:
                say(f"{name}: NixOS has {line} as well")
    return count


def fstab(evaluated, storage, say):
    """The lines of fstab that follow from the plan, and no other."""
    theirs = set()
    for line in evaluated["fstab"].split("\n"):
        if not line or line.startswith("#"):
            continue
        source, target, kind, options, *rest = line.split()
        options = [word for word in options.split(",") if word != "x-initrd.mount"]
        theirs.add((source, target, kind, ",".join(options), rest[1] if len(rest) > 1 else "0"))
    ours = {
        (line["source"], line["target"], line["format"], ",".join(line["options"]), str(line["pass"]))
        for line in storage["mounts"]
    }
    for line in sorted(ours - theirs):
        say(f"fstab of NixOS lacks {line}")
    for line in sorted(theirs - ours):
        say(f"fstab of NixOS has {line}, which the plan has not")
    return len(ours)


def firewall(evaluated, node, profiles, say):
    """The ports that services open by their profiles, ssh, and no other."""
    import yaml

    services = {}
    for folder in profiles:
        for name in sorted(os.listdir(f"{folder}/services")) if os.path.isdir(f"{folder}/services") else []:
            service = yaml.safe_load(open(f"{folder}/services/{name}"))
            services[service["service"]] = service
    wanted = {("tcp", 22)}
    for name in node["services"]:
        for port in services[name].get("ports", {}).values():
            if [scope for scope in port.get("from", []) if scope != "local"]:
                wanted |= {(kind, port[kind]) for kind in ("tcp", "udp") if kind in port}
    wall = evaluated["firewall"]
    found = {("tcp", port) for port in wall["allowedTCPPorts"]} | {("udp", port) for port in wall["allowedUDPPorts"]}
    for kind, ports in re.findall(r"(tcp|udp) dport \{([^}]*)\}", wall["extraInputRules"]):
        found |= {(kind, int(port)) for port in ports.split(",")}
    if not wall["enable"]:
        say("the firewall is off")
    for port in sorted(wanted - found):
        say(f"the firewall does not let {port} in")
    for port in sorted(found - wanted):
        say(f"the firewall lets {port} in, which no profile does")
    return len(wanted)


def tables(evaluated, storage, say):
    """disko's own script runs sgdisk on sparse files; every other program is none. What is there is the plan's."""
    with tempfile.TemporaryDirectory() as work:
        images = {}
        for disk in storage["disks"]:
            images[disk["device"]] = f"{work}/{disk['name']}"
            with open(images[disk["device"]], "wb") as file:
                file.truncate(disk["bytes"])
        commands = []
        # Continued lines are one; sgdisk stands alone or behind `if !`.
        text = evaluated["format"].replace("\\\n", " ")
        for line in text.split("\n"):
            words = line.strip().removeprefix("if ! ").split(";")[0]
            if words.startswith("sgdisk "):
                commands.append((line.strip().startswith("if ! "), words))
        skip = False
        for is_tried, words in commands:
            arguments = [images.get(word, word) for word in shlex.split(words)]
            if not any(word.startswith(work) for word in arguments):
                continue  # on an array, which is none here
            if skip and not is_tried:
                skip = False
                continue  # what disko does when the line before failed
            result = subprocess.run(arguments, capture_output=True, text=True)
            skip = is_tried and result.returncode == 0
            if result.returncode != 0:
                say(f"{words}: {result.stdout}{result.stderr}")
        count = 0
        for disk in storage["disks"]:
            for partition in disk["partitions"]:
                shown = subprocess.run(
                    ["sgdisk", f"--info={partition['number']}", images[disk["device"]]], capture_output=True, text=True
                ).stdout
                facts = dict(line.split(": ", 1) for line in shown.split("\n") if ": " in line)
                found = [facts.get(key, "").split(" ")[0] for key in ("First sector", "Last sector", "Partition name")]
                wanted = [str(partition["first"]), str(partition["last"]), f"'{partition['label']}'"]
                count += 1
                if found != wanted:
                    say(f"partition {partition['number']} of {disk['name']} is {found}, planned was {wanted}")
    return count


# The accounts of every NixOS, with nothing of ours in it; `nixbld1` and so on are the builders.
STANDARD = {"messagebus", "nobody", "nscd", "root", "sshd", "systemd-coredump", "systemd-network", "systemd-oom",
            "systemd-resolve", "systemd-timesync"}


def users(evaluated, folder, fleet, profiles, say):
    """Root, who acts for the operator, and the accounts of services; keys of the fleet, passwords nowhere."""
    import yaml

    wanted = {"root"}
    for place in profiles:
        access = yaml.safe_load(open(f"{place}/fleet.yaml")).get("defaults", {}).get("access", {})
        operator = access.get("user", "root")
        wanted.add(operator)
    services = set()
    for name in os.listdir(f"{folder}/units"):
        found = dict(line.split("=", 1) for line in open(f"{folder}/units/{name}").read().split("\n") if "=" in line)
        if found.get("DynamicUser") != "yes" and found.get("User", "root") != "root":
            services.add(found["User"])
    theirs = evaluated["users"]
    others = {name for name in theirs if name not in STANDARD and not re.fullmatch(r"nixbld[0-9]+", name)}
    for name in sorted((wanted | services) - set(theirs)):
        say(f"NixOS has no account {name}")
    for name in sorted(others - wanted - services):
        say(f"NixOS has an account {name}, which no profile asks for")
    for name in sorted(services & set(theirs)):
        one = theirs[name]
        if not one["isSystemUser"] or one["group"] not in evaluated["groups"]:
            say(f"the service's account {name} is {one}")
    for name, one in sorted(theirs.items()):
        if one["hasPassword"]:
            say(f"the account {name} has a password")
        keys = fleet["authorizedKeys"] if name in wanted else []
        if not set(one["keys"]) <= set(keys) or bool(one["keys"]) != bool(keys):
            say(f"the account {name} lets in {one['keys']}")
    if evaluated["mutableUsers"]:
        say("accounts can be changed by hand")
    return len(wanted | services)


def installer(evaluated_path, flake, toplevels):
    """What nixos-anywhere asks of an installer, and that checks and jobs are the nodes' own systems."""
    evaluated = json.load(open(evaluated_path))
    fleet = json.load(open(f"{flake}/fleet.json"))
    said = [f"failed assertion: {text}" for text in evaluated["failed"]]
    said += [f"warning: {text}" for text in evaluated["warnings"]]
    if evaluated["variant"] != "installer":
        said.append(f"VARIANT_ID is {evaluated['variant']}")
    # tar and setsid are in gnutar and util-linux.
    for name in ("cpio", "gnutar", "util-linux", "nixos-install.sh", "openssh"):
        if name not in evaluated["packages"]:
            said.append(f"it has no {name}")
    if evaluated["users"]["root"]["keys"] != fleet["authorizedKeys"] or not fleet["authorizedKeys"]:
        said.append(f"root lets in {evaluated['users']['root']['keys']}")
    if not evaluated["kernelParams"] or not [one for one in evaluated["kernelParams"] if one.startswith("console=ttyS0")]:
        said.append(f"the kernel is told {evaluated['kernelParams']}")
    wanted = dict(line.split() for line in open(toplevels))
    outputs = evaluated["outputs"]
    for what in ("checks", "jobs"):
        found = {name: one for nodes in outputs[what].values() for name, one in nodes.items()}
        if found != wanted:
            said.append(f"{what} are {found}, the nodes {wanted}")
    for system, nodes in outputs["checks"].items():
        if {fleet["nodes"][name]["system"] for name in nodes} != {system}:
            said.append(f"{system} has {sorted(nodes)}")
    if outputs["installer"] != dict.fromkeys(("kernel", "netbootIpxeScript", "netbootRamdisk"), True):
        said.append(f"the installer's jobs are {outputs['installer']}")
    if {system: sorted(names) for system, names in fleet["packages"].items()} != outputs["packages"]:
        said.append(f"the jobs' packages are {outputs['packages']}")
    if outputs["formatters"] != dict.fromkeys(fleet["systems"], "nixfmt-tree"):
        said.append(f"formatters are {outputs['formatters']}")
    for text in said:
        print(f"{flake}: installer: {text}", file=sys.stderr)
    return not said


def node(evaluated_path, folder, *profiles):
    evaluated = json.load(open(evaluated_path))
    install = json.load(open(f"{folder}/install.json"))
    fleet = json.load(open(f"{folder}/../flake/fleet.json"))
    name = install["node"]
    said = []
    say = said.append
    for text in evaluated["failed"]:
        say(f"failed assertion: {text}")
    for text in evaluated["warnings"]:
        say(f"warning: {text}")
    figures = [
        units(evaluated, folder, say),
        fstab(evaluated, install["storage"], say),
        firewall(evaluated, fleet["nodes"][name], profiles, say),
        tables(evaluated, install["storage"], say),
        users(evaluated, folder, fleet, profiles, say),
    ]
    for text in said:
        print(f"{folder}: {text}", file=sys.stderr)
    print(*figures)
    return not said


if __name__ == "__main__":
    verb, *words = sys.argv[1:]
    sys.exit(0 if {"installer": installer, "node": node, "test": test}[verb](*words) else 1)
