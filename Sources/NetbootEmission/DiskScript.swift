import FleetModel

/// The shell script that makes a node's empty disks.
struct DiskScript {
  let node: String
  let fleet: String
  let size: ByteCount
  /// Further disks, by disko's name.
  let others: [(name: Name, size: ByteCount)]

  var text: String { others.isEmpty ? single : several }

  /// Before any is made, it is seen that none is there: two disks of different ages are no mirror.
  private var several: String {
    let disks = [("\(node).qcow2", size)] + others.map { ("\(node)-\($0.name).qcow2", $0.size) }
    let files = disks.map(\.0).joined(separator: " ")
    let lines = disks.map { "qemu-img create -q -f qcow2 \"$state/\($0)\" \($1.bytes)" }
    return script(
      disks: "disks", title: "disks of \(node) of \(fleet),", variables: "",
      guarded: """
        for disk in \(files); do
          if [ -e "$state/$disk" ]; then
            echo "create-disk: $state/$disk exists; remove it to start anew" >&2
            exit 3
          fi
        done
        """,
      creation: """
        # Sparse: they take room on this host only as the guest writes.
        \(lines.joined(separator: "\n"))
        """)
  }

  private var single: String {
    script(
      disks: "disk", title: "disk of \(node) of \(fleet): \(size),",
      variables: "disk=\(node).qcow2\nsize=\(size.bytes)\n",
      guarded: """
        if [ -e "$state/$disk" ]; then
          echo "create-disk: $state/$disk exists; remove it to start anew" >&2
          exit 3
        fi
        """,
      creation: """
        # Sparse: it takes room on this host only as the guest writes.
        exec qemu-img create -q -f qcow2 "$state/$disk" "$size"
        """)
  }

  /// What both have: the options, and what is looked at before anything is made.
  private func script(
    disks: String, title: String, variables: String, guarded: String, creation: String
  ) -> String {
    """
    #!/bin/sh
    # Makes the empty \(title) as its profile says. Written by imagegen.
    set -eu

    \(variables)state=.

    usage() {
      cat <<'END'
    usage: create-disk [--state DIR]

      --state DIR  folder that gets the \(disks) (default: the current one)
      --help       show this text
    END
    }

    while [ $# -gt 0 ]; do
      case $1 in
        --help) usage; exit 0 ;;
        --state)
          [ $# -ge 2 ] || { echo "create-disk: $1 needs a value" >&2; exit 2; }
          state=$2; shift 2 ;;
        *) echo "create-disk: unknown argument $1" >&2; usage >&2; exit 2 ;;
      esac
    done

    \(guarded)
    command -v qemu-img >/dev/null || { echo "create-disk: qemu-img is not installed" >&2; exit 3; }
    mkdir -p "$state"
    \(creation)

    """
  }
}
