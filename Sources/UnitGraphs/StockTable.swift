// Written by scripts/generate-stock-units. Do not edit: change the script and run it.

extension StockKnowledge {
  /// Words: a unit, followed by what its file says as `KEY=VALUE`, keys as in `StockTableReader`.
  static let table = #"""
    autovt@.service ==getty@.service basic.target M=/var M=/var/tmp R=sysinit.target W=paths.target
    W=slices.target W=sockets.target W=timers.target W=tmp.mount a=paths.target a=slices.target
    a=sockets.target a=sysinit.target a=tmp.mount blockdev@.target bluetooth.target boot-complete.target
    R=sysinit.target a=sysinit.target console-getty.service a=getty-pre.target a=plymouth-quit-wait.service
    a=rc-local.service a=systemd-user-sessions.service b=getty.target container-getty@.service
    C=rescue.service a=getty-pre.target a=plymouth-quit-wait.service a=rc-local.service
    a=systemd-user-sessions.service b=getty.target b=rescue.service cryptdisks-early.service D=masked
    cryptdisks.service D=masked cryptsetup-pre.target b=cryptsetup.target cryptsetup.target
    ctrl-alt-del.target ==reboot.target dbus-org.freedesktop.hostname1.service ==systemd-hostnamed.service
    dbus-org.freedesktop.import1.service ==systemd-importd.service dbus-org.freedesktop.locale1.service
    ==systemd-localed.service dbus-org.freedesktop.login1.service ==systemd-logind.service
    dbus-org.freedesktop.machine1.service ==systemd-machined.service dbus-org.freedesktop.network1.service
    ==systemd-networkd.service dbus-org.freedesktop.portable1.service ==systemd-portabled.service
    dbus-org.freedesktop.resolve1.service ==systemd-resolved.service dbus-org.freedesktop.timedate1.service
    ==systemd-timedated.service dbus-org.freedesktop.timesync1.service ==systemd-timesyncd.service
    dbus.service R=dbus.socket dbus.socket debug-shell.service D=no default.target ==graphical.target
    dev-hugepages.mount D=no b=sysinit.target dev-mqueue.mount D=no b=sysinit.target
    display-manager.service emergency.service C=rescue.service C=shutdown.target D=no b=rescue.service
    b=shutdown.target emergency.target R=emergency.service a=emergency.service exit.target D=no
    R=systemd-exit.service a=systemd-exit.service factory-reset.target final.target D=no a=shutdown.target
    a=umount.target first-boot-complete.target getty-pre.target getty-static.service getty.target
    W=getty-static.service getty@.service C=rescue.service a=getty-pre.target a=plymouth-quit-wait.service
    a=rc-local.service a=systemd-user-sessions.service b=getty.target b=rescue.service graphical.target
    C=rescue.service C=rescue.target R=multi-user.target W=display-manager.service
    W=systemd-update-utmp-runlevel.service a=display-manager.service a=multi-user.target a=rescue.service
    a=rescue.target halt.target D=no R=systemd-halt.service a=systemd-halt.service hibernate.target D=no
    R=systemd-hibernate.service a=systemd-hibernate.service hwclock.service D=masked hybrid-sleep.target
    D=no R=systemd-hybrid-sleep.service a=systemd-hybrid-sleep.service initrd-cleanup.service D=no
    a=initrd-fs.target a=initrd-root-fs.target a=initrd.target initrd-fs.target C=shutdown.target D=no
    a=initrd-parse-etc.service initrd-parse-etc.service C=emergency.target D=no R=initrd-root-fs.target
    a=initrd-root-fs.target initrd-root-device.target C=shutdown.target D=no W=remote-cryptsetup.target
    W=remote-veritysetup.target initrd-root-fs.target C=shutdown.target D=no W=systemd-repart.service
    initrd-switch-root.service D=no W=initrd-switch-root.target initrd-switch-root.target D=no
    W=initrd-cleanup.service W=initrd-fs.target W=initrd-root-fs.target W=initrd-switch-root.service
    W=initrd-udevadm-cleanup-db.service W=systemd-journald.service a=emergency.service a=emergency.target
    a=initrd-cleanup.service a=initrd-fs.target a=initrd-root-fs.target a=initrd-udevadm-cleanup-db.service
    b=initrd-switch-root.service initrd-udevadm-cleanup-db.service C=systemd-udev-settle.service
    C=systemd-udev-trigger.service C=systemd-udevd-control.socket C=systemd-udevd-kernel.socket
    C=systemd-udevd.service D=no a=systemd-udev-settle.service a=systemd-udev-trigger.service
    a=systemd-udevd-control.socket a=systemd-udevd-kernel.socket a=systemd-udevd.service
    b=initrd-switch-root.target initrd-usr-fs.target C=shutdown.target D=no initrd.target R=basic.target
    W=initrd-fs.target W=initrd-parse-etc.service W=initrd-root-device.target W=initrd-root-fs.target
    W=initrd-usr-fs.target W=systemd-pcrphase-initrd.service a=basic.target a=initrd-fs.target
    a=initrd-root-device.target a=initrd-root-fs.target a=initrd-usr-fs.target a=rescue.service
    a=rescue.target integritysetup-pre.target b=integritysetup.target integritysetup.target
    kernel-command-line.service kexec.target D=no R=systemd-kexec.service a=systemd-kexec.service
    kmod-static-nodes.service D=no b=sysinit.target b=systemd-tmpfiles-setup-dev.service kmod.service
    ==systemd-modules-load.service local-fs-pre.target local-fs.target C=shutdown.target D=no
    a=local-fs-pre.target machine.slice b=slices.target machines.target W=var-lib-machines.mount
    b=multi-user.target modprobe@.service D=no b=sysinit.target multi-user.target C=rescue.service
    C=rescue.target R=basic.target W=dbus.service W=getty.target W=systemd-ask-password-wall.path
    W=systemd-logind.service W=systemd-update-utmp-runlevel.service W=systemd-user-sessions.service
    a=basic.target a=rescue.service a=rescue.target network-online.target a=network.target
    network-pre.target network.target a=network-pre.target nss-lookup.target nss-user-lookup.target
    paths.target poweroff.target D=no R=systemd-poweroff.service a=systemd-poweroff.service printer.target
    proc-sys-fs-binfmt_misc.automount C=shutdown.target D=no b=sysinit.target proc-sys-fs-binfmt_misc.mount
    D=no procps.service ==systemd-sysctl.service quotaon.service D=no a=systemd-quotacheck.service
    b=remote-fs.target b=shutdown.target rc-local.service a=network.target rc.service D=masked rcS.service
    D=masked reboot.target D=no R=systemd-reboot.service a=systemd-reboot.service remote-cryptsetup.target
    C=shutdown.target D=no a=cryptsetup-pre.target a=remote-fs-pre.target remote-fs-pre.target
    remote-fs.target C=shutdown.target D=no W=var-lib-machines.mount a=remote-fs-pre.target
    remote-veritysetup.target C=shutdown.target D=no a=remote-fs-pre.target a=veritysetup-pre.target
    rescue.service C=shutdown.target D=no a=plymouth-start.service a=sysinit.target b=shutdown.target
    rescue.target R=rescue.service R=sysinit.target W=systemd-update-utmp-runlevel.service a=rescue.service
    a=sysinit.target rpcbind.target runlevel0.target ==poweroff.target runlevel1.target ==rescue.target
    runlevel2.target ==multi-user.target runlevel3.target ==multi-user.target runlevel4.target
    ==multi-user.target runlevel5.target ==graphical.target runlevel6.target ==reboot.target
    serial-getty@.service B=dev-%i.device C=rescue.service a=dev-%i.device a=getty-pre.target
    a=plymouth-quit-wait.service a=rc-local.service a=systemd-user-sessions.service b=getty.target
    b=rescue.service shutdown.target D=no sigpwr.target sleep.target D=no slices.target W=-.slice
    W=system.slice a=-.slice a=system.slice smartcard.target sockets.target W=dbus.socket
    W=systemd-initctl.socket W=systemd-journald-audit.socket W=systemd-journald-dev-log.socket
    W=systemd-journald.socket W=systemd-udevd-control.socket W=systemd-udevd-kernel.socket
    soft-reboot.target sound.target ssh-access.target suspend-then-hibernate.target D=no
    R=systemd-suspend-then-hibernate.service a=systemd-suspend-then-hibernate.service suspend.target D=no
    R=systemd-suspend.service a=systemd-suspend.service swap.target sys-fs-fuse-connections.mount D=no
    R=modprobe@fuse.service a=modprobe@fuse.service b=sysinit.target sys-kernel-config.mount D=no
    R=modprobe@configfs.service a=modprobe@configfs.service b=sysinit.target sys-kernel-debug.mount D=no
    b=sysinit.target sys-kernel-tracing.mount D=no b=sysinit.target sysinit.target C=emergency.service
    C=emergency.target W=cryptsetup.target W=dev-hugepages.mount W=dev-mqueue.mount W=integritysetup.target
    W=kmod-static-nodes.service W=local-fs.target W=proc-sys-fs-binfmt_misc.automount W=swap.target
    W=sys-fs-fuse-connections.mount W=sys-kernel-config.mount W=sys-kernel-debug.mount
    W=sys-kernel-tracing.mount W=systemd-ask-password-console.path W=systemd-binfmt.service
    W=systemd-firstboot.service W=systemd-hwdb-update.service W=systemd-journal-flush.service
    W=systemd-journald.service W=systemd-machine-id-commit.service W=systemd-modules-load.service
    W=systemd-pcrphase-sysinit.service W=systemd-pcrphase.service W=systemd-random-seed.service
    W=systemd-repart.service W=systemd-sysctl.service W=systemd-sysusers.service
    W=systemd-tmpfiles-setup-dev.service W=systemd-tmpfiles-setup.service W=systemd-udev-trigger.service
    W=systemd-udevd.service W=systemd-update-utmp.service W=veritysetup.target a=local-fs.target
    a=swap.target b=emergency.service b=emergency.target syslog.service syslog.socket C=emergency.service
    C=shutdown.target D=no b=emergency.service b=shutdown.target b=sockets.target
    system-systemd-cryptsetup.slice D=no system-systemd\x2dcryptsetup.slice system-update-cleanup.service
    C=shutdown.target D=no a=system-update.target b=shutdown.target system-update-pre.target
    a=sysinit.target system-update.target R=sysinit.target W=system-update-cleanup.service a=sysinit.target
    a=system-update-pre.target systemd-ask-password-console.path C=emergency.service C=shutdown.target D=no
    a=plymouth-start.service b=cryptsetup.target b=emergency.service b=paths.target b=shutdown.target
    systemd-ask-password-console.service C=emergency.service C=initrd-switch-root.target C=shutdown.target
    D=no a=plymouth-start.service a=systemd-vconsole-setup.service b=emergency.service
    b=initrd-switch-root.target b=shutdown.target systemd-ask-password-wall.path C=emergency.service
    C=shutdown.target D=no b=cryptsetup.target b=emergency.service b=paths.target b=shutdown.target
    systemd-ask-password-wall.service a=systemd-user-sessions.service systemd-backlight@.service
    C=shutdown.target D=no b=shutdown.target b=sysinit.target systemd-battery-check.service
    systemd-binfmt.service C=shutdown.target D=no a=local-fs.target a=proc-sys-fs-binfmt_misc.automount
    a=proc-sys-fs-binfmt_misc.mount b=shutdown.target b=sysinit.target systemd-bless-boot.service
    systemd-boot-check-no-failures.service C=shutdown.target a=default.target a=graphical.target
    a=multi-user.target b=boot-complete.target b=shutdown.target systemd-boot-random-seed.service
    systemd-boot-update.service systemd-confext.service systemd-coredump.socket systemd-coredump@.service
    systemd-cryptsetup@.service D=no b=cryptsetup.target systemd-exit.service D=no R=final.target
    R=shutdown.target R=umount.target a=final.target a=shutdown.target a=umount.target
    systemd-firstboot.service C=shutdown.target D=no W=first-boot-complete.target
    a=systemd-remount-fs.service b=first-boot-complete.target b=shutdown.target b=sysinit.target
    b=systemd-sysusers.service b=systemd-vconsole-setup.service systemd-fsck-root.service C=shutdown.target
    D=no W=systemd-fsckd.socket a=systemd-fsckd.socket b=local-fs.target b=shutdown.target
    systemd-fsck@.service B=%i.device C=shutdown.target D=no W=systemd-fsckd.socket a=%i.device
    a=local-fs-pre.target a=systemd-fsck-root.service a=systemd-fsckd.socket b=shutdown.target
    b=systemd-quotacheck.service systemd-fsckd.service D=no R=systemd-fsckd.socket b=shutdown.target
    systemd-fsckd.socket D=no systemd-growfs-root.service D=no systemd-growfs@.service D=no
    systemd-halt.service D=no R=final.target R=shutdown.target R=umount.target a=final.target
    a=shutdown.target a=umount.target systemd-hibernate-resume@.service B=%i.device D=no
    W=local-fs-pre.target a=%i.device b=local-fs-pre.target systemd-hibernate.service D=no R=sleep.target
    a=sleep.target systemd-homed-activate.service systemd-homed.service systemd-hostnamed.service D=dbus
    systemd-hwdb-update.service C=shutdown.target D=no a=systemd-remount-fs.service b=shutdown.target
    b=sysinit.target systemd-hybrid-sleep.service D=no R=sleep.target a=sleep.target
    systemd-importd.service D=dbus systemd-initctl.service D=no systemd-initctl.socket D=no
    b=sockets.target systemd-integritysetup@.service D=no b=integritysetup.target
    systemd-journal-flush.service D=no M=/var/log/journal W=systemd-journald.service
    a=systemd-journald.service a=systemd-remount-fs.service b=systemd-tmpfiles-setup.service
    systemd-journal-gatewayd.service systemd-journal-gatewayd.socket systemd-journal-remote.service
    systemd-journal-remote.socket systemd-journal-upload.service systemd-journald-audit.socket D=no
    b=sockets.target u=systemd-journald.service systemd-journald-dev-log.socket D=no b=sockets.target
    u=systemd-journald.service systemd-journald-varlink@.socket u=systemd-journald@%i.service
    systemd-journald.service D=no R=systemd-journald.socket S=systemd-journald-audit.socket
    S=systemd-journald-dev-log.socket S=systemd-journald.socket a=syslog.socket
    a=systemd-journald-audit.socket a=systemd-journald-dev-log.socket a=systemd-journald.socket
    b=sysinit.target systemd-journald.socket D=no b=sockets.target u=systemd-journald.service
    systemd-journald@.service R=systemd-journald-varlink@%i.socket R=systemd-journald@%i.socket
    S=systemd-journald@%i.socket a=systemd-journald-varlink@%i.socket a=systemd-journald@%i.socket
    systemd-journald@.socket u=systemd-journald@%i.service systemd-kexec.service D=no R=final.target
    R=shutdown.target R=umount.target a=final.target a=shutdown.target a=umount.target
    systemd-localed.service D=dbus systemd-logind.service D=dbus W=dbus.socket W=modprobe@drm.service
    W=user.slice a=dbus.socket a=modprobe@drm.service a=nss-user-lookup.target a=user.slice
    systemd-machine-id-commit.service C=shutdown.target D=no a=first-boot-complete.target a=local-fs.target
    b=shutdown.target systemd-machined.service D=dbus M=/var/lib/machines W=machine.slice a=machine.slice
    systemd-makefs@.service D=no systemd-mkswap@.service D=no systemd-modules-load.service
    C=shutdown.target D=no b=shutdown.target b=sysinit.target systemd-network-generator.service
    C=initrd-switch-root.target C=shutdown.target D=no W=network-pre.target b=initrd-switch-root.target
    b=network-pre.target b=shutdown.target b=systemd-udevd.service systemd-network-wait-online.service
    systemd-networkd-persistent-storage.service systemd-networkd-wait-online.service
    B=systemd-networkd.service C=shutdown.target D=no a=systemd-networkd.service b=network-online.target
    b=shutdown.target systemd-networkd-wait-online@.service B=systemd-networkd.service C=shutdown.target
    D=no a=systemd-networkd.service b=network-online.target b=shutdown.target systemd-networkd.service
    C=initrd-switch-root.target C=shutdown.target D=dbus D=no W=network.target W=systemd-networkd.socket
    a=network-pre.target a=systemd-networkd.socket a=systemd-sysctl.service a=systemd-sysusers.service
    a=systemd-udevd.service b=initrd-switch-root.target b=multi-user.target b=network.target
    b=shutdown.target systemd-networkd.socket C=shutdown.target D=no b=shutdown.target b=sockets.target
    systemd-nspawn@.service L=machine.slice M=/var/lib/machines/%i P=machines.target
    W=modprobe@dm_mod.service W=modprobe@loop.service W=modprobe@tun.service a=modprobe@dm-mod.service
    a=modprobe@loop.service a=modprobe@tun.service a=network.target b=machines.target systemd-oomd.service
    systemd-oomd.socket systemd-pcrfs@.service D=no systemd-pcrphase-initrd.service
    C=initrd-switch-root.target C=shutdown.target D=no b=cryptsetup-pre.target b=cryptsetup.target
    b=initrd-switch-root.target b=shutdown.target b=sysinit.target b=systemd-sysext.service
    systemd-pcrphase-sysinit.service C=shutdown.target D=no a=sysinit.target b=basic.target
    b=shutdown.target systemd-pcrphase.service a=remote-cryptsetup.target a=remote-fs.target
    b=systemd-user-sessions.service systemd-portabled.service D=dbus M=/var/lib/portables
    systemd-poweroff.service D=no R=final.target R=shutdown.target R=umount.target a=final.target
    a=shutdown.target a=umount.target systemd-pstore.service C=shutdown.target D=no
    W=modprobe@efi_pstore.service a=modprobe@efi_pstore.service b=shutdown.target b=sysinit.target
    systemd-quotacheck.service D=no a=systemd-remount-fs.service b=remote-fs.target b=shutdown.target
    systemd-random-seed.service C=shutdown.target D=no M=/var/lib/systemd/random-seed
    W=first-boot-complete.target a=systemd-remount-fs.service b=first-boot-complete.target
    b=shutdown.target systemd-reboot.service D=no R=final.target R=shutdown.target R=umount.target
    a=final.target a=shutdown.target a=umount.target systemd-remount-fs.service C=shutdown.target D=no
    W=local-fs-pre.target a=systemd-fsck-root.service b=local-fs-pre.target b=local-fs.target
    b=shutdown.target systemd-repart.service C=shutdown.target D=no W=modprobe@dm_mod.service
    W=modprobe@loop.service a=initrd-usr-fs.target a=modprobe@dm_mod.service a=modprobe@loop.service
    b=initrd-root-fs.target b=shutdown.target systemd-resolved.service C=shutdown.target D=no
    W=nss-lookup.target a=systemd-sysctl.service a=systemd-sysusers.service b=network.target
    b=nss-lookup.target b=shutdown.target b=sysinit.target systemd-rfkill.service
    B=sys-devices-virtual-misc-rfkill.device C=shutdown.target D=no
    a=sys-devices-virtual-misc-rfkill.device b=shutdown.target systemd-rfkill.socket
    B=sys-devices-virtual-misc-rfkill.device C=shutdown.target D=no M=/var/lib/systemd/rfkill
    a=sys-devices-virtual-misc-rfkill.device a=systemd-remount-fs.service b=shutdown.target
    systemd-soft-reboot.service systemd-suspend-then-hibernate.service D=no R=sleep.target a=sleep.target
    systemd-suspend.service D=no R=sleep.target a=sleep.target systemd-sysctl.service C=shutdown.target
    D=no a=systemd-modules-load.service b=shutdown.target b=sysinit.target systemd-sysext.service
    C=initrd-switch-root.target C=shutdown.target D=no a=local-fs.target b=initrd-switch-root.target
    b=shutdown.target b=sysinit.target b=systemd-tmpfiles-setup.service systemd-sysupdate-reboot.service
    systemd-sysupdate.service systemd-sysupdate.timer systemd-sysusers.service C=initrd-switch-root.target
    C=shutdown.target D=no a=systemd-remount-fs.service b=initrd-switch-root.target b=shutdown.target
    b=sysinit.target b=systemd-update-done.service systemd-time-wait-sync.service C=shutdown.target D=no
    W=time-sync.target b=shutdown.target b=time-sync.target systemd-timedated.service D=dbus
    systemd-timesyncd.service C=shutdown.target D=dbus D=no W=time-set.target a=systemd-sysusers.service
    b=shutdown.target b=sysinit.target b=time-set.target systemd-tmpfiles-clean.service
    C=initrd-switch-root.target C=shutdown.target D=no a=local-fs.target a=time-set.target
    b=initrd-switch-root.target b=shutdown.target systemd-tmpfiles-clean.timer
    systemd-tmpfiles-setup-dev-early.service systemd-tmpfiles-setup-dev.service C=initrd-switch-root.target
    C=shutdown.target D=no a=systemd-sysusers.service b=initrd-switch-root.target b=local-fs-pre.target
    b=shutdown.target b=sysinit.target b=systemd-udevd.service systemd-tmpfiles-setup.service
    C=initrd-switch-root.target C=shutdown.target D=no a=local-fs.target a=systemd-journald.service
    a=systemd-sysusers.service b=initrd-switch-root.target b=shutdown.target b=sysinit.target
    systemd-tpm2-setup-early.service systemd-tpm2-setup.service systemd-udev-load-credentials.service
    systemd-udev-settle.service D=no W=systemd-udevd.service a=systemd-udev-trigger.service
    b=sysinit.target systemd-udev-trigger.service D=no W=systemd-udevd.service
    a=systemd-udevd-control.socket a=systemd-udevd-kernel.socket b=sysinit.target
    systemd-udevd-control.socket D=no b=sockets.target u=systemd-udevd.service systemd-udevd-kernel.socket
    D=no b=sockets.target u=systemd-udevd.service systemd-udevd-varlink.socket systemd-udevd.service D=no
    S=systemd-udevd-control.socket S=systemd-udevd-kernel.socket a=systemd-hwdb-update.service
    a=systemd-sysusers.service b=sysinit.target systemd-update-utmp-runlevel.service C=shutdown.target D=no
    M=/var/log/wtmp Q=systemd-update-utmp.service a=runlevel1.target a=runlevel2.target a=runlevel3.target
    a=runlevel4.target a=runlevel5.target a=systemd-update-utmp.service b=shutdown.target
    systemd-update-utmp.service C=shutdown.target D=no M=/var/log/wtmp a=auditd.service
    a=systemd-remount-fs.service a=systemd-tmpfiles-setup.service b=shutdown.target b=sysinit.target
    systemd-user-sessions.service a=home.mount a=network.target a=nss-user-lookup.target a=remote-fs.target
    systemd-userdbd.service systemd-userdbd.socket systemd-veritysetup@.service D=no b=veritysetup.target
    systemd-volatile-root.service C=shutdown.target D=no a=sysroot-usr.mount a=sysroot.mount
    a=systemd-repart.service b=initrd-root-fs.target b=shutdown.target time-set.target time-sync.target
    W=time-set.target a=time-set.target timers.target C=shutdown.target D=no W=systemd-tmpfiles-clean.timer
    tpm2.target umount.target D=no usb-gadget.target user-runtime-dir@.service L=user-%i.slice
    a=dbus.service user.slice b=slices.target user@.service L=user-%i.slice R=user-runtime-dir@%i.service
    a=dbus.service a=systemd-oomd.service a=user-runtime-dir@%i.service var-lib-machines.mount
    veritysetup-pre.target b=veritysetup.target veritysetup.target x11-common.service D=masked
    """#
}
