extension LaunchScript {
  /// The options: the same for every node but for those of UEFI firmware.
  static func options(isUEFI: Bool) -> String {
    defaults + (isUEFI ? "code='' vars=''\n" : "") + "\n" + usage + (isUEFI ? firmwareUsage : "")
      + usageEnd + parsing + (isUEFI ? firmwareParsing : "") + parsingEnd
  }

  private static let defaults = """
    state=. disk='' dry=''
    accel=tcg cpu=max
    first=disk
    group=230.0.0.1 local=127.0.0.1
    serial=mon:stdio

    """

  private static let usage = """
    usage() {
      cat <<'END'
    usage: launch [OPTION]... [-- QEMU-ARGUMENT...]

      --state DIR            folder of disk and firmware variables (default: the current one)
      --disk FILE            the disk, qcow2 (default: NODE.qcow2 in the state folder)
      --boot disk|network    what comes first; the other comes next (default: disk)
      --accel tcg|kvm        emulate, or use the host's processor (default: tcg)
      --group ADDRESS        multicast group of the nodes' networks (default: 230.0.0.1)
      --localaddr ADDRESS    host address the group is joined on, or '' for the default route's
                             (default: 127.0.0.1: nothing leaves this host)
      --serial CHARDEV       where the console is, as QEMU's -serial (default: mon:stdio)

    """

  private static let firmwareUsage = """
      --firmware-code FILE   UEFI code (default: the distribution's)
      --firmware-vars FILE   template of its variables

    """

  private static let usageEnd = """
      --dry-run              print the words of QEMU's command line, one a line
      --help                 show this text
    END
    }


    """

  private static let parsing = """
    wrong() { echo "launch: $1" >&2; usage >&2; exit 2; }
    fail() { echo "launch: $1" >&2; exit 3; }
    # A comma ends a value of QEMU's; two stand for one.
    quoted() { printf '%s' "$1" | sed 's/,/,,/g'; }

    while [ $# -gt 0 ]; do
      case $1 in
        --help) usage; exit 0 ;;
        --dry-run) dry=yes; shift; continue ;;
        --) shift; break ;;
        --*) [ $# -ge 2 ] || wrong "$1 needs a value, or there is no such option" ;;
        *) wrong "unknown argument $1" ;;
      esac
      case $1 in
        --state) state=$2 ;;
        --disk) disk=$2 ;;
        --boot) first=$2 ;;
        --accel) accel=$2 ;;
        --group) group=$2 ;;
        --localaddr) local=$2 ;;
        --serial) serial=$2 ;;

    """

  private static let firmwareParsing = """
        --firmware-code) code=$2 ;;
        --firmware-vars) vars=$2 ;;

    """

  private static let parsingEnd = """
        *) wrong "there is no option $1" ;;
      esac
      shift 2
    done


    """

  /// What is checked before anything starts.
  static let checks = """
    # KVM only when asked for: a device node does not say that a guest survives it.
    case $accel in
      tcg) accel=tcg,thread=multi ;;
      kvm) cpu=host ;;
      *) wrong "--accel is tcg or kvm" ;;
    esac
    case $first in
      disk) disk_order=0 net_order=1 ;;
      network) disk_order=99 net_order=1 ;;
      *) wrong "--boot is disk or network" ;;
    esac
    disk=${disk:-$state/$node.qcow2}
    if [ -z "$dry" ]; then
      command -v "$system" >/dev/null || fail "$system is not installed"
      [ -e "$disk" ] || fail "there is no $disk; make it with create-disk, or name one by --disk"
    fi


    """

  /// What is done with the words.
  static let ending = """
    if [ -n "$dry" ]; then
      printf '%s\\n' "$@"
    else
      exec "$@"
    fi

    """
}
