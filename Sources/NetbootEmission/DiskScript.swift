import FleetModel

/// The shell script that makes a node's empty disk.
struct DiskScript {
  let node: String
  let fleet: String
  let size: ByteCount

  var text: String {
    """
    #!/bin/sh
    # Makes the empty disk of \(node) of \(fleet): \(size), as its profile says. Written by imagegen.
    set -eu

    disk=\(node).qcow2
    size=\(size.bytes)
    state=.

    usage() {
      cat <<'END'
    usage: create-disk [--state DIR]

      --state DIR  folder that gets the disk (default: the current one)
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

    if [ -e "$state/$disk" ]; then
      echo "create-disk: $state/$disk exists; remove it to start anew" >&2
      exit 3
    fi
    command -v qemu-img >/dev/null || { echo "create-disk: qemu-img is not installed" >&2; exit 3; }
    mkdir -p "$state"
    # Sparse: it takes room on this host only as the guest writes.
    exec qemu-img create -q -f qcow2 "$state/$disk" "$size"

    """
  }
}
