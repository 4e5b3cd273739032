/// What a machine reports and when it may be wiped.
enum GuestReport {
  /// `imagegen-report`: identity, command line and whether the machine is the one of the profile; on the consoles, and
  /// as one request to the server.
  static let report = """
    #!/bin/sh
    # imagegen-report: says which machine this is, and whether it is what the profile says. Written by imagegen.
    run=${IMAGEGEN_RUN:-/run/imagegen}
    node=$(imagegen-fact node)
    mac=$(cat "$run/mac" 2> /dev/null || echo none)
    # Numbers of firmware may hold anything.
    plain() { tr -d ' \\n\\000' | tr -c 'A-Za-z0-9._:-' '_'; }
    uuid=$(cat /sys/class/dmi/id/product_uuid 2> /dev/null | plain)
    serial=$(cat /sys/class/dmi/id/product_serial 2> /dev/null | plain)
    memory=$(($(sed -n 's/^MemTotal: *\\([0-9]*\\) kB$/\\1/p' /proc/meminfo) * 1024))
    imagegen-disks > "$run/disks"
    imagegen-fit "$memory" < "$run/disks" > "$run/fit" && fit=yes || fit=no
    imagegen-say "IMAGEGEN-IDENTITY fleet=$(imagegen-fact fleet) node=$node host=$(hostname) mac=$mac" \\
      "address=$(cat "$run/address" 2> /dev/null || echo none) uuid=${uuid:-none} serial=${serial:-none}" \\
      "memory=$memory kernel=$(uname -r)"
    while read -r name number bytes; do
      imagegen-say "IMAGEGEN-DISK $name serial=$number bytes=$bytes"
    done < "$run/disks"
    imagegen-say "IMAGEGEN-CMDLINE $(cat /proc/cmdline)"
    if [ "$fit" = yes ]; then
      imagegen-say "IMAGEGEN-FIT yes"
    else
      while read -r reason; do imagegen-say "IMAGEGEN-FIT no: $reason"; done < "$run/fit"
    fi
    disks=$(tr ' \\n' ':,' < "$run/disks")
    imagegen-tell fit "fit=$fit&mac=$mac&uuid=$uuid&serial=$serial&memory=$memory&disks=${disks%,}"
    imagegen-say "IMAGEGEN-READY $node"

    """

  /// `imagegen-tell WHAT QUERY`: a report to the server the boot files came from.
  static let tell = """
    #!/bin/sh
    # imagegen-tell WHAT QUERY: tells the server that gave the boot files; its log is where reports are read.
    # Written by imagegen.
    run=${IMAGEGEN_RUN:-/run/imagegen}
    server=$(cat "$run/server" 2> /dev/null)
    tries=0
    while [ "$tries" -lt 5 ]; do
      # An answer without content is one all the same; a server of files alone says 404 and logs it. Not -T: with it wget
      # of Debian 12's busybox crashes.
      timeout 10 wget -q -O /dev/null "http://$server/report/$(imagegen-fact node)/$1?$2" > "$run/told" 2>&1 && exit 0
      grep -q '404\\|204' "$run/told" && exit 0
      tries=$((tries + 1))
      sleep 2
    done
    imagegen-say "IMAGEGEN-UNTOLD $1: $server: $(tr '\\n' ' ' < "$run/told")"
    exit 1

    """

  /// `imagegen-disks`: a line for each disk: name, serial number, bytes.
  static let disks = """
    #!/bin/sh
    # imagegen-disks: name, serial number and bytes of every disk. Written by imagegen.
    for disk in "${IMAGEGEN_BLOCK:=/sys/block}"/*; do
      name=${disk##*/}
      case $name in '*' | loop* | ram* | zram* | sr* | fd* | dm-* | md*) continue ;; esac
      serial=
      for file in serial device/serial; do
        if [ -z "$serial" ] && [ -r "$disk/$file" ]; then serial=$(tr -d ' \\n\\000' < "$disk/$file"); fi
      done
      # Unit serial number page of SCSI: four bytes of header before the text.
      if [ -z "$serial" ] && [ -r "$disk/device/vpd_pg80" ]; then
        serial=$(tail -c +5 "$disk/device/vpd_pg80" | tr -d ' \\n\\000')
      fi
      # The kernel counts sectors of 512 bytes whatever the disk has.
      echo "$name ${serial:-none} $(($(cat "$disk/size") * 512))"
    done

    """

  /// `imagegen-fit MEMORY < DISKS`: reasons why this machine is not the profile's; status 1 where there is one. It leaves
  /// the name of the first disk in `target`.
  static let fit = """
    #!/bin/sh
    # imagegen-fit MEMORY: reads what imagegen-disks writes, and says why this machine is not the one of the profile.
    # Written by imagegen.
    run=${IMAGEGEN_RUN:-/run/imagegen}
    cat > "$run/found"
    rm -f "$run/target"
    unfit=0
    wrong() { echo "$*"; unfit=1; }
    # Firmware and kernel keep some of the memory for themselves.
    wanted=$(imagegen-fact memory)
    if [ -n "$wanted" ] && [ "$1" -lt $((wanted / 8 * 7)) ]; then
      wrong "it has $1 bytes of memory, and the profile says $wanted"
    fi
    imagegen-fact disk > "$run/wanted"
    while read -r disk device serial bytes; do
      line=
      while read -r name number size; do
        if [ "$serial" != - ]; then [ "$number" = "$serial" ] || continue; else [ "/dev/$name" = "$device" ] || continue; fi
        line=found
        if [ "$size" -lt "$bytes" ]; then
          wrong "disk $disk ($name) has $size bytes, and the profile says $bytes"
        elif [ ! -e "$run/target" ]; then
          echo "$name" > "$run/target"
        fi
        break
      done < "$run/found"
      if [ -z "$line" ]; then
        if [ "$serial" != - ]; then
          wrong "disk $disk with serial number $serial is not there; there are: $(cut -d ' ' -f 2 "$run/found" | tr '\\n' ' ')"
        else
          wrong "disk $disk ($device) is not there"
        fi
      fi
    done < "$run/wanted"
    exit $unfit

    """

  /// `imagegen-claim`: whether the disk may be wiped now, once for each nonce.
  ///
  /// The mark is sector 2040, before the first partition of every layout, which starts at 1 MiB: partitioning writes the
  /// first 34 sectors and the last 33, so the mark outlives the wipe that it allowed.
  static let claim = """
    #!/bin/sh
    # imagegen-claim: may this disk be wiped? Once for each nonce that an operator armed, and only on the machine of the
    # profile. Writes the nonce to the disk before it says yes. Written by imagegen.
    # 0 yes; 4 not armed; 5 not the machine of the profile; 6 wiped for this nonce before; 7 the disk failed
    run=${IMAGEGEN_RUN:-/run/imagegen}
    devices=${IMAGEGEN_DEVICES:-/dev}
    refuse() { echo "imagegen-claim: $2" >&2; exit "$1"; }
    nonce=
    for word in $(cat "${IMAGEGEN_CMDLINE:-/proc/cmdline}"); do
      case $word in imagegen.nonce=*) nonce=${word#imagegen.nonce=} ;; esac
    done
    case $nonce in
      "") refuse 4 "this boot is not armed: imagegen publish --arm" ;;
      *[!0-9a-f]*) refuse 4 "the nonce is not hexadecimal" ;;
    esac
    [ "${#nonce}" -eq 32 ] || refuse 4 "the nonce has not 32 digits"
    [ -e "$run/fit" ] || refuse 5 "imagegen-report has not run"
    [ ! -s "$run/fit" ] || refuse 5 "$(cat "$run/fit")"
    [ -s "$run/target" ] || refuse 5 "the profile names no disk"
    disk=$devices/$(cat "$run/target")
    mark=$(dd if="$disk" bs=512 skip=2040 count=1 2> /dev/null | tr -d '\\000' | head -n 1) || refuse 7 "cannot read $disk"
    [ "$mark" != "IMAGEGEN-NONCE $nonce" ] || refuse 6 "$disk was given for this nonce before"
    printf 'IMAGEGEN-NONCE %s\\n' "$nonce" | dd of="$disk" bs=512 seek=2040 count=1 conv=sync,notrunc,fsync 2> /dev/null \\
      || refuse 7 "cannot write to $disk"
    mark=$(dd if="$disk" bs=512 skip=2040 count=1 2> /dev/null | tr -d '\\000' | head -n 1)
    [ "$mark" = "IMAGEGEN-NONCE $nonce" ] || refuse 7 "$disk does not keep what is written"
    echo "$disk"

    """

  /// `imagegen-installed`: tells the server that this nonce is used up, so that the next boot is from the disk.
  static let installed = """
    #!/bin/sh
    # imagegen-installed: reports that the installation is on the disk, so that this node is not armed any more and boots
    # from it. Fails where nobody takes the report: then do not restart. Written by imagegen.
    for word in $(cat "${IMAGEGEN_CMDLINE:-/proc/cmdline}"); do
      case $word in imagegen.nonce=*) nonce=${word#imagegen.nonce=} ;; esac
    done
    imagegen-tell installed "nonce=${nonce:-none}"

    """
}
