import SystemdUnits

/// A value for every directive that systemd 252 takes without a word.
enum RightValues {
  static func value(of directive: Directive, in section: UnitSection) -> String {
    if directive.name == "Type", section == .mount { return "ext4" }
    if let value = named[directive.name] { return value }
    for prefix in ["Condition", "Assert"]
    where directive.kind == .condition && directive.name.hasPrefix(prefix) {
      return conditions[String(directive.name.dropFirst(prefix.count))] ?? ""
    }
    return byKind[directive.kind] ?? ""
  }

  private static let byKind: [DirectiveKind: String] = [
    .access: "main", .action: "none", .archs: "native", .bandwidth: "/dev/null 1M", .bindPaths: "/tmp",
    .boolean: "yes", .boundingset: "CAP_KILL", .cpuaffinity: "0", .cpuschedpolicy: "rr",
    .cpuschedprio: "5", .cpuweight: "100", .device: "/dev/null rw", .devicelatency: "/dev/null 10ms",
    .deviceweight: "/dev/null 100", .environ: "A=b", .errno: "EPERM", .exec: "/bin/true",
    .facility: "daemon", .families: "AF_INET", .file: "/tmp/x", .filesystems: "ext4", .input: "null",
    .integer: "5", .ioclass: "idle", .iopriority: "5", .jobMode: "replace", .killmode: "mixed",
    .label: "word", .level: "info", .limit: "10M", .listen: "/run/x", .long: "5", .mode: "0644",
    .mountFlags: "shared", .namespaces: "yes", .nanoseconds: "5ms", .networkinterface: "lo", .nice: "5",
    .oomscoreadjust: "5", .output: "journal", .path: "/tmp", .paths: "/tmp", .personality: "x86",
    .policy: "auto", .seconds: "5s", .securebits: "noroot", .service: "a.service",
    .serviceexittype: "main", .servicerestart: "always", .servicetype: "simple", .shares: "1024",
    .signal: "SIGTERM", .size: "10M", .slice: "system.slice", .socketbind: "both", .sockets: "a.socket",
    .status: "1", .string: "word", .syscalls: "@system-service", .timeoutmode: "abort", .timer: "5s",
    .tos: "low-delay", .unit: "basic.target", .units: "basic.target", .unsigned: "5",
    .url: "https://example.org", .weight: "100",
  ]

  private static let conditions: [String: String] = [
    "ACPower": "yes", "Architecture": "x86-64", "CPUFeature": "sse", "CPUPressure": "50%", "CPUs": "1",
    "Capability": "CAP_KILL", "ControlGroupController": "cpu", "Credential": "a",
    "DirectoryNotEmpty": "/tmp", "Environment": "A", "FileIsExecutable": "/tmp", "FileNotEmpty": "/tmp",
    "Firmware": "uefi", "FirstBoot": "yes", "Group": "daemon", "Host": "a", "IOPressure": "50%",
    "KernelCommandLine": "a", "KernelVersion": "5.0", "Memory": "5M", "MemoryPressure": "50%",
    "NeedsUpdate": "/etc", "OSRelease": "ID=debian", "PathExists": "/tmp", "PathExistsGlob": "/tmp/*",
    "PathIsDirectory": "/tmp", "PathIsEncrypted": "/tmp", "PathIsMountPoint": "/tmp",
    "PathIsReadWrite": "/tmp", "PathIsSymbolicLink": "/tmp", "Security": "audit", "User": "root",
    "Virtualization": "vm",
  ]

  private static let named: [String: String] = [
    "AllowedCPUs": "0", "AllowedMemoryNodes": "0", "AppArmorProfile": "word",
    "BPFProgram": "egress:/sys/fs/bpf/x", "BusName": "org.example.A", "CPUQuota": "20%",
    "CPUQuotaPeriodSec": "10ms", "CacheDirectory": "a", "CollectMode": "inactive",
    "ConfigurationDirectory": "a", "CoredumpFilter": "0x33", "DefaultInstance": "a", "Delegate": "yes",
    "Description": "word", "DirectoryNotEmpty": "/tmp", "DisableControllers": "cpu",
    "Documentation": "man:a(1)", "ExecSearchPath": "/bin", "ExtensionImages": "/tmp/a.raw",
    "ExtraOptions": "a", "FailureActionExitStatus": "3", "FileDescriptorName": "a", "Group": "daemon",
    "IOReadBandwidthMax": "/dev/null 1M", "IOReadIOPSMax": "/dev/null 1M",
    "IOWriteBandwidthMax": "/dev/null 1M", "IOWriteIOPSMax": "/dev/null 1M", "IPAddressAllow": "127.0.0.1",
    "IPAddressDeny": "any", "IPCNamespacePath": "/proc/self/ns/ipc", "IPEgressFilterPath": "/sys/fs/bpf/x",
    "IPIngressFilterPath": "/sys/fs/bpf/x", "JobTimeoutRebootArgument": "a", "KeyringMode": "private",
    "LimitLOCKS": "5", "LimitNICE": "5", "LimitNOFILE": "5", "LimitNPROC": "5", "LimitRTPRIO": "5",
    "LimitSIGPENDING": "5", "ListenNetlink": "route", "LoadCredential": "a:/tmp/a",
    "LoadCredentialEncrypted": "a:/tmp/a", "LogExtraFields": "A=b", "LogNamespace": "a",
    "LogsDirectory": "a", "ManagedOOMMemoryPressure": "kill", "ManagedOOMMemoryPressureLimit": "50%",
    "ManagedOOMPreference": "avoid", "ManagedOOMSwap": "auto", "MemoryLimit": "10M", "MountAPIVFS": "yes",
    "MountImages": "/tmp/a.raw:/mnt", "NUMAMask": "0", "NUMAPolicy": "bind",
    "NetworkNamespacePath": "/proc/self/ns/net", "OOMPolicy": "stop", "OnCalendar": "daily",
    "Options": "ro", "PAMName": "login", "PIDFile": "/run/a.pid", "PassEnvironment": "A",
    "PathChanged": "/tmp", "PathExists": "/tmp", "PathExistsGlob": "/tmp/*", "PathModified": "/tmp",
    "Priority": "5", "PrivateMounts": "yes", "PrivateTmp": "yes", "PrivateUsers": "yes",
    "ProcSubset": "pid", "ProtectControlGroups": "yes", "ProtectHome": "tmpfs", "ProtectHostname": "yes",
    "ProtectProc": "invisible", "ProtectSystem": "strict", "RebootArgument": "a",
    "RequiresOverridable": "basic.target", "RequisiteOverridable": "basic.target",
    "RestrictNetworkInterfaces": "lo", "RootDirectory": "/tmp", "RootHash": "/tmp/a.roothash",
    "RootHashSignature": "/tmp/a.p7s", "RootImage": "/tmp/a.raw", "RootImageOptions": "root:ro",
    "RootVerity": "/tmp/a", "RuntimeDirectory": "a", "RuntimeDirectoryPreserve": "restart",
    "SetCredential": "a:b", "SetCredentialEncrypted": "a:YQ==", "SmackLabel": "a", "SmackLabelIPIn": "a",
    "SmackLabelIPOut": "a", "SmackProcessLabel": "a", "SocketBindAllow": "tcp:80", "SocketBindDeny": "any",
    "SocketGroup": "daemon", "SocketProtocol": "udplite", "SocketUser": "daemon", "SourcePath": "/tmp/a",
    "StandardInputData": "YQ==", "StandardInputText": "a", "StartupAllowedCPUs": "0",
    "StartupAllowedMemoryNodes": "0", "StateDirectory": "a", "SuccessActionExitStatus": "3",
    "SupplementaryGroups": "daemon", "Symlinks": "/run/a", "SyslogIdentifier": "a",
    "TCPCongestion": "cubic", "TTYColumns": "80", "TTYPath": "/dev/tty1", "TTYRows": "24", "TasksMax": "5",
    "TemporaryFileSystem": "/mnt", "TimeoutIdleSec": "5s", "Timestamping": "us",
    "USBFunctionDescriptors": "/tmp/a", "USBFunctionStrings": "/tmp/a", "UnsetEnvironment": "A",
    "User": "daemon", "UtmpIdentifier": "a", "UtmpMode": "login", "What": "/dev/null", "Where": "/tmp",
    "WorkingDirectory": "/tmp",
  ]
}
