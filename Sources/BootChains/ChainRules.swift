public import Diagnostics

/// What is said about a boot server's tree.
public enum ChainRules {
  static let magic = Rule(
    "NB010", "script-without-magic",
    finds: "A script of the boot server does not start with #!ipxe.",
    why: "iPXE runs such a file as a program of the machine: it hangs.",
    example: "echo hello",
    instead: "#!ipxe\necho hello")

  static let missing = Rule(
    "NB011", "file-not-served",
    finds: "A script, or DHCP, names a file that the server does not have.",
    why: "The machine asks for it, gets 404, and never starts.",
    example: "initrd --name base ../gone.cpio || goto retry",
    instead: "initrd --name base ../base.cpio || goto retry")

  static let digest = Rule(
    "NB012", "file-not-its-digest",
    finds: "A file of the store does not have the digest that its path says.",
    why: "A kernel that was cut or changed on the way crashes at best.",
    example: "store/sha256/ab/ab…/vmlinuz, cut",
    instead: "store/sha256/ab/ab…/vmlinuz, whole")

  static let length = Rule(
    "NB013", "script-cmdline-too-long",
    finds: "A script's kernel line is longer than the kernel takes.",
    why: "The kernel cuts it at 2047 bytes without a word: the last arguments are simply missing.",
    example: "kernel vmlinuz a=…  # 2,100 bytes",
    instead: "kernel vmlinuz a=…  # fewer than 2,047")

  static let comment = Rule(
    "NB014", "word-is-comment",
    finds: "A word of a command starts with #.",
    why: "It and everything behind it is gone, `|| goto retry` as well.",
    example: "kernel vmlinuz color=red #2 || goto retry",
    instead: "kernel vmlinuz color=red-2 || goto retry")

  static let arguments = Rule(
    "NB015", "too-many-arguments",
    finds: "A kernel line has more than 31 arguments that the kernel may not know.",
    why: "The kernel hands them to the first program as variables, has room for 32, and panics.",
    example: "kernel vmlinuz k1=1 … k40=1 || goto retry",
    instead: "kernel vmlinuz k1=1 || goto retry")

  static let initrd = Rule(
    "NB016", "initrd-not-named",
    finds: "A script loads an archive that its kernel line does not name with initrd=.",
    why: "With UEFI the kernel finds no other archive than those: it panics for want of a root.",
    example: "kernel vmlinuz || goto retry\ninitrd --name base base.cpio || goto retry",
    instead: "kernel vmlinuz initrd=base || goto retry\ninitrd --name base base.cpio || goto retry")

  static let initrdLoaded = Rule(
    "NB017", "initrd-not-loaded",
    finds: "A kernel line names an archive that no line loads.",
    why: "With UEFI the kernel looks for it, does not find it and stops.",
    example: "kernel vmlinuz initrd=base initrd=node || goto retry",
    instead: "kernel vmlinuz initrd=base || goto retry")

  static let command = Rule(
    "NB018", "unknown-command",
    finds: "A script has a command that Debian 12's iPXE does not have.",
    why: "The script ends there.",
    example: "imgverify vmlinuz vmlinuz.sig || goto retry",
    instead: "boot vmlinuz || goto retry")

  static let unguarded = Rule(
    "NB019", "unguarded-command",
    finds: "A command that may fail has nothing behind it that says what then.",
    why: "The script ends, and the machine stands still until somebody comes.",
    example: "boot kernel",
    instead: "boot kernel || goto retry")

  static let label = Rule(
    "NB020", "unknown-label",
    finds: "A script jumps to a label that it does not have.",
    why: "The script ends there.",
    example: "goto agian",
    instead: "goto again")

  static let stuck = Rule(
    "NB021", "boot-gets-stuck",
    finds: "A boot, or one whose files cannot be fetched, ends without starting anything, or never ends.",
    why: "Nobody stands beside the machine: what neither boots nor restarts stays so.",
    example: ":again\nkernel vmlinuz || goto again",
    instead: "iseq ${tries} 5 && goto fail ||\ngoto again")

  static let exit = Rule(
    "NB022", "exit-zero-on-uefi",
    finds: "A script leaves iPXE with status 0 where UEFI may run it.",
    why: "The firmware shows its menu and waits; with 1 it goes on to the next entry.",
    example: "exit",
    instead: "exit 1")

  static let slashes = Rule(
    "NB023", "two-slashes",
    finds: "A name of a file has two slashes in a row.",
    why: "nginx answers with a redirect, which firmware does not follow.",
    example: "kernel ../store//vmlinuz || goto retry",
    instead: "kernel ../store/vmlinuz || goto retry")

  static let absolute = Rule(
    "NB024", "absolute-address",
    finds: "A script names a server.",
    why: "The tree cannot be served from anywhere else, and goes on naming it when it has moved.",
    example: "kernel http://192.0.2.1/vmlinuz || goto retry",
    instead: "kernel ../vmlinuz || goto retry")

  static let mutable = Rule(
    "NB025", "not-pinned",
    finds: "A script behind the first one fetches through `current`.",
    why: "A generation that is published at that moment gives a kernel of one and an archive of another.",
    example: "kernel ../../current/vmlinuz || goto retry",
    instead: "kernel ../../generations/00000007/vmlinuz || goto retry")

  static let macTwice = Rule(
    "NB026", "mac-twice",
    finds: "Two machines of DHCP have one address of a card.",
    why: "One of them gets the other's name, address and disk layout.",
    example: "52:54:00:00:01:01,192.0.2.11,node01\n52:54:00:00:01:01,192.0.2.12,node02",
    instead: "52:54:00:00:01:01,192.0.2.11,node01\n52:54:00:00:01:02,192.0.2.12,node02")

  static let addressTwice = Rule(
    "NB027", "lease-twice",
    finds: "Two machines of DHCP get one address.",
    why: "dnsmasq takes one of them and leaves the other without.",
    example: "52:54:00:00:01:01,192.0.2.11,node01\n52:54:00:00:01:02,192.0.2.11,node02",
    instead: "52:54:00:00:01:01,192.0.2.11,node01\n52:54:00:00:01:02,192.0.2.12,node02")

  static let loader = Rule(
    "NB028", "wrong-loader",
    finds: "DHCP offers an architecture a program that is for another.",
    why: "The firmware refuses it, or hangs: UEFI of 32 bits cannot run what is for 64.",
    example: "dhcp-match=set:x64,option:client-arch,6",
    instead: "dhcp-match=set:x64,option:client-arch,7")

  static let loop = Rule(
    "NB029", "ipxe-loop",
    finds: "iPXE is offered the program that it is.",
    why: "It loads itself for ever.",
    example: "dhcp-boot=tag:bios,undionly.kpxe",
    instead: "dhcp-boot=tag:bios,tag:!ipxe,undionly.kpxe")

  static let echo = Rule(
    "NB030", "http-client-not-echoed",
    finds: "Firmware that boots by HTTP does not get HTTPClient sent back.",
    why: "It takes no answer without it.",
    example: "dhcp-match=set:x64http,option:client-arch,16",
    instead: "dhcp-match=set:x64http,option:client-arch,16\ndhcp-option-force=tag:x64http,60,HTTPClient")

  static let ending = Rule(
    "NB031", "http-program-ending",
    finds: "What firmware fetches by HTTP does not end in .efi.",
    why: "It goes by the ending and takes anything else for no program.",
    example: "dhcp-boot=tag:x64http,http://192.0.2.1/ipxe",
    instead: "dhcp-boot=tag:x64http,http://192.0.2.1/ipxe.efi")

  static let setting = Rule(
    "NB032", "setting-not-set",
    finds: "A script uses a setting that nobody sets.",
    why: "It is nothing: the name of a file has a hole.",
    example: "chain ${folder}/node.ipxe || exit 1",
    instead: "set folder ../node\nchain ${folder}/node.ipxe || exit 1")

  static let number = Rule(
    "NB033", "number-without-type",
    finds: "A script counts with a setting that was set without a type.",
    why: "It is a text, which inc refuses: the script ends.",
    example: "set tries 0",
    instead: "set tries:int32 0")

  static let noScript = Rule(
    "NB034", "machine-without-script",
    finds: "DHCP knows a machine that has no script.",
    why: "It boots as a stranger.",
    example: "dhcp/hosts.d/node01 without http/mac/52-54-00-00-01-01.ipxe",
    instead: "both")

  static let server = Rule(
    "NB035", "no-dhcp-configuration",
    finds: "A tree has no dnsmasq.conf.",
    why: "Nothing of it can be checked or served.",
    example: "dhcp/ without dnsmasq.conf",
    instead: "dhcp/dnsmasq.conf")

  static let empty = Rule(
    "NB036", "empty-image",
    finds: "A script loads a file without content.",
    why: "iPXE loads it without complaint, and nothing starts.",
    example: "vmlinuz of 0 bytes",
    instead: "vmlinuz of 14 MB")

  /// All of them, in order of code.
  public static let all = [
    magic, missing, digest, length, comment, arguments, initrd, initrdLoaded, command, unguarded, label,
    stuck, exit, slashes, absolute, mutable, macTwice, addressTwice, loader, loop, echo, ending, setting,
    number, noScript, server, empty,
  ]
}
