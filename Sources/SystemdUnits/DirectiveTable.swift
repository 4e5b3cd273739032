// Written by scripts/generate-directives. Do not edit: change the script and run it.

extension DirectiveCatalogue {
  /// A word for each directive: `name/kind/sections` or `name/kind/sections/since`. A `+` behind the kind
  /// marks lists. Sections are letters as `UnitSection.letter` gives them.
  static let table = """
    Accept/boolean/K AccuracySec/seconds/T After/units+/U Alias/units+/I AllowIsolate/boolean/U
    AllowedCPUs/other+/SKMWLC AllowedMemoryNodes/other+/SKMWLC Also/units+/I
    AmbientCapabilities/boundingset+/SKMW AppArmorProfile/other/SKMW AssertACPower/condition+/U
    AssertArchitecture/condition+/U AssertCPUFeature/condition+/U AssertCPUPressure/condition+/U
    AssertCPUs/condition+/U AssertCapability/condition+/U AssertControlGroupController/condition+/U
    AssertCredential/condition+/U AssertDirectoryNotEmpty/condition+/U AssertEnvironment/condition+/U
    AssertFileIsExecutable/condition+/U AssertFileNotEmpty/condition+/U AssertFirstBoot/condition+/U
    AssertGroup/condition+/U AssertHost/condition+/U AssertIOPressure/condition+/U
    AssertKernelCommandLine/condition+/U AssertKernelVersion/condition+/U AssertMemory/condition+/U
    AssertMemoryPressure/condition+/U AssertNeedsUpdate/condition+/U AssertOSRelease/condition+/U
    AssertPathExists/condition+/U AssertPathExistsGlob/condition+/U AssertPathIsDirectory/condition+/U
    AssertPathIsEncrypted/condition+/U AssertPathIsMountPoint/condition+/U
    AssertPathIsReadWrite/condition+/U AssertPathIsSymbolicLink/condition+/U AssertSecurity/condition+/U
    AssertUser/condition+/U AssertVirtualization/condition+/U BPFProgram/other+/SKMWLC Backlog/unsigned/K
    Before/units+/U BindIPv6Only/socketbind/K BindLogSockets/boolean/SKMW/257 BindPaths/bindPaths+/SKMW
    BindReadOnlyPaths/bindPaths+/SKMW BindTo/units+/U BindToDevice/networkinterface/K BindsTo/units+/U
    BlockIOAccounting/boolean/SKMWLC BlockIODeviceWeight/deviceweight+/SKMWLC
    BlockIOReadBandwidth/bandwidth+/SKMWLC BlockIOWeight/weight/SKMWLC
    BlockIOWriteBandwidth/bandwidth+/SKMWLC Broadcast/boolean/K BusName/other/S
    CPUAccounting/boolean/SKMWLC CPUAffinity/cpuaffinity+/SKMW CPUQuota/other/SKMWLC
    CPUQuotaPeriodSec/other/SKMWLC CPUSchedulingPolicy/cpuschedpolicy/SKMW
    CPUSchedulingPriority/cpuschedprio/SKMW CPUSchedulingResetOnFork/boolean/SKMW CPUShares/shares/SKMWLC
    CPUWeight/cpuweight/SKMWLC CacheDirectory/other+/SKMW CacheDirectoryMode/mode/SKMW
    CapabilityBoundingSet/boundingset+/SKMW CollectMode/other/U ConditionACPower/condition+/U
    ConditionArchitecture/condition+/U ConditionCPUFeature/condition+/U ConditionCPUPressure/condition+/U
    ConditionCPUs/condition+/U ConditionCapability/condition+/U
    ConditionControlGroupController/condition+/U ConditionCredential/condition+/U
    ConditionDirectoryNotEmpty/condition+/U ConditionEnvironment/condition+/U
    ConditionFileIsExecutable/condition+/U ConditionFileNotEmpty/condition+/U
    ConditionFirmware/condition+/U ConditionFirstBoot/condition+/U ConditionGroup/condition+/U
    ConditionHost/condition+/U ConditionIOPressure/condition+/U ConditionKernelCommandLine/condition+/U
    ConditionKernelVersion/condition+/U ConditionMemory/condition+/U ConditionMemoryPressure/condition+/U
    ConditionNeedsUpdate/condition+/U ConditionOSRelease/condition+/U ConditionPathExists/condition+/U
    ConditionPathExistsGlob/condition+/U ConditionPathIsDirectory/condition+/U
    ConditionPathIsEncrypted/condition+/U ConditionPathIsMountPoint/condition+/U
    ConditionPathIsReadWrite/condition+/U ConditionPathIsSymbolicLink/condition+/U
    ConditionSecurity/condition+/U ConditionUser/condition+/U ConditionVirtualization/condition+/U
    ConfigurationDirectory/other+/SKMW ConfigurationDirectoryMode/mode/SKMW Conflicts/units+/U
    CoredumpFilter/other/SKMW CoredumpReceive/boolean/SKMWLC/255 DefaultDependencies/boolean/U
    DefaultInstance/other/I DefaultMemoryLow/limit/SKMWLC DefaultMemoryMin/limit/SKMWLC
    DeferAcceptSec/seconds/K DeferReactivation/boolean/T/257 Delegate/other+/SKMWLC
    DelegateSubgroup/other/SKMWLC/254 Description/string/U DeviceAllow/device+/SKMWLC
    DevicePolicy/policy/SKMWLC DirectoryMode/mode/KMAP DirectoryNotEmpty/path/P
    DisableControllers/other+/SKMWLC Documentation/url+/U DynamicUser/boolean/SKMW
    Environment/environ+/SKMW EnvironmentFile/file+/SKMW ExecCondition/exec+/S ExecPaths/paths+/SKMW
    ExecReload/exec+/S ExecSearchPath/path+/SKMW ExecStart/exec+/S ExecStartPost/exec+/SK
    ExecStartPre/exec+/SK ExecStop/exec+/S ExecStopPost/exec+/SK ExecStopPre/exec+/K
    ExitType/serviceexittype/S ExtensionDirectories/paths+/SKMW ExtensionImagePolicy/other/SKMW/254
    ExtensionImages/other+/SKMW ExtraOptions/string/A FailureAction/action/US
    FailureActionExitStatus/other/U FileDescriptorName/other/K FileDescriptorStoreMax/unsigned/S
    FileDescriptorStorePreserve/other/S/254 FinalKillSignal/signal/SKMWC FixedRandomDelay/boolean/T
    FlushPending/boolean/K ForceUnmount/boolean/M FreeBind/boolean/K Group/other/SKMW
    GuessMainPID/boolean/S IOAccounting/boolean/SKMWLC IODeviceLatencyTargetSec/devicelatency+/SKMWLC
    IODeviceWeight/deviceweight+/SKMWLC IOReadBandwidthMax/limit/SKMWLC IOReadIOPSMax/limit/SKMWLC
    IOSchedulingClass/ioclass/SKMW IOSchedulingPriority/iopriority/SKMW IOWeight/weight/SKMWLC
    IOWriteBandwidthMax/limit/SKMWLC IOWriteIOPSMax/limit/SKMWLC IPAccounting/boolean/SKMWLC
    IPAddressAllow/other+/SKMWLC IPAddressDeny/other+/SKMWLC IPCNamespacePath/path/SKMW
    IPEgressFilterPath/other+/SKMWLC IPIngressFilterPath/other+/SKMWLC IPTOS/tos/K IPTTL/integer/K
    IgnoreOnIsolate/boolean/U IgnoreSIGPIPE/boolean/SKMW ImportCredential/other+/SKMW/254
    InaccessibleDirectories/paths+/SKMW InaccessiblePaths/paths+/SKMW JobRunningTimeoutSec/seconds/U
    JobTimeoutAction/action/U JobTimeoutRebootArgument/other/U JobTimeoutSec/seconds/U
    JoinsNamespaceOf/units+/U KeepAlive/boolean/K KeepAliveIntervalSec/seconds/K KeepAliveProbes/unsigned/K
    KeepAliveTimeSec/seconds/K KeyringMode/other/SKMW KillMode/killmode/SKMWC KillSignal/signal/SKMWC
    LazyUnmount/boolean/M LimitAS/limit/SKMW LimitCORE/limit/SKMW LimitCPU/limit/SKMW LimitDATA/limit/SKMW
    LimitFSIZE/limit/SKMW LimitLOCKS/limit/SKMW LimitMEMLOCK/limit/SKMW LimitMSGQUEUE/limit/SKMW
    LimitNICE/limit/SKMW LimitNOFILE/limit/SKMW LimitNPROC/limit/SKMW LimitRSS/limit/SKMW
    LimitRTPRIO/limit/SKMW LimitRTTIME/limit/SKMW LimitSIGPENDING/limit/SKMW LimitSTACK/limit/SKMW
    ListenDatagram/listen+/K ListenFIFO/listen+/K ListenMessageQueue/listen+/K ListenNetlink/listen+/K
    ListenSequentialPacket/listen+/K ListenSpecial/listen+/K ListenStream/listen+/K
    ListenUSBFunction/listen+/K LoadCredential/other+/SKMW LoadCredentialEncrypted/other+/SKMW
    LockPersonality/boolean/SKMW LogExtraFields/other+/SKMW LogFilterPatterns/other+/SKMW/253
    LogLevelMax/level/SKMW LogNamespace/other/SKMW LogRateLimitBurst/unsigned/SKMW
    LogRateLimitIntervalSec/seconds/SKMW LogsDirectory/other+/SKMW LogsDirectoryMode/mode/SKMW
    MakeDirectory/boolean/P ManagedOOMMemoryPressure/other/SKMWLC
    ManagedOOMMemoryPressureDurationSec/seconds/SKMWLC/257 ManagedOOMMemoryPressureLimit/other/SKMWLC
    ManagedOOMPreference/other/SKMWLC ManagedOOMSwap/other/SKMWLC Mark/integer/K MaxConnections/unsigned/K
    MaxConnectionsPerSource/unsigned/K MemoryAccounting/boolean/SKMWLC MemoryDenyWriteExecute/boolean/SKMW
    MemoryHigh/limit/SKMWLC MemoryKSM/boolean/SKMW/254 MemoryLimit/limit/SKMWLC MemoryLow/limit/SKMWLC
    MemoryMax/limit/SKMWLC MemoryMin/limit/SKMWLC MemoryPressureThresholdSec/seconds/SKMWLC/254
    MemoryPressureWatch/other/SKMWLC/254 MemorySwapMax/limit/SKMWLC MemoryZSwapMax/limit/SKMWLC/253
    MemoryZSwapWriteback/boolean/SKMWLC/256 MessageQueueMaxMessages/long/K MessageQueueMessageSize/long/K
    MountAPIVFS/other/SKMW MountFlags/mountFlags+/SKMW MountImagePolicy/other/SKMW/254
    MountImages/other+/SKMW NFTSet/other+/SKMWLC/255 NUMAMask/other+/SKMW NUMAPolicy/other/SKMW
    NetworkNamespacePath/path/SKMW Nice/nice/SKMW NoDelay/boolean/K NoExecPaths/paths+/SKMW
    NoNewPrivileges/boolean/SKMW NonBlocking/boolean/S NotifyAccess/access/S OOMPolicy/other/SC
    OOMScoreAdjust/oomscoreadjust/SKMW OnActiveSec/timer+/T OnBootSec/timer+/T OnCalendar/timer+/T
    OnClockChange/boolean/T OnFailure/units+/U OnFailureIsolate/boolean/U OnFailureJobMode/jobMode/U
    OnStartupSec/timer+/T OnSuccess/units+/U OnSuccessJobMode/jobMode/U OnTimezoneChange/boolean/T
    OnUnitActiveSec/timer+/T OnUnitInactiveSec/timer+/T OpenFile/other/S/253 Options/string/MW
    PAMName/string/SKMW PIDFile/other/S PartOf/units+/U PassCredentials/boolean/K
    PassEnvironment/other+/SKMW PassFileDescriptorsToExec/boolean/K/256 PassPacketInfo/boolean/K
    PassSecurity/boolean/K PathChanged/path/P PathExists/path/P PathExistsGlob/path/P PathModified/path/P
    PermissionsStartOnly/boolean/S Persistent/boolean/T Personality/personality/SKMW PipeSize/size/K
    PollLimitBurst/unsigned/K/255 PollLimitIntervalSec/seconds/K/255 Priority/integer/K Priority/other/W
    PrivateDevices/boolean/SKMW PrivateIPC/boolean/SKMW PrivateMounts/other/SKMW
    PrivateNetwork/boolean/SKMW PrivatePIDs/boolean/SKMW/257 PrivateTmp/other/SKMW PrivateUsers/other/SKMW
    ProcSubset/other/SKMW PropagateReloadFrom/units+/U PropagateReloadTo/units+/U
    PropagatesReloadTo/units+/U PropagatesStopTo/units+/U ProtectClock/boolean/SKMW
    ProtectControlGroups/other/SKMW ProtectHome/other/SKMW ProtectHostname/other/SKMW
    ProtectKernelLogs/boolean/SKMW ProtectKernelModules/boolean/SKMW ProtectKernelTunables/boolean/SKMW
    ProtectProc/other/SKMW ProtectSystem/other/SKMW RandomizedDelaySec/seconds/T
    ReadOnlyDirectories/paths+/SKMW ReadOnlyPaths/paths+/SKMW ReadWriteDirectories/paths+/SKMW
    ReadWriteOnly/boolean/M ReadWritePaths/paths+/SKMW RebootArgument/other/U RebootArgument/string/S
    ReceiveBuffer/size/K RefuseManualStart/boolean/U RefuseManualStop/boolean/U
    ReloadPropagatedFrom/units+/U ReloadSignal/other/S/253 RemainAfterElapse/boolean/T
    RemainAfterExit/boolean/S RemoveIPC/boolean/SKMW RemoveOnStop/boolean/K RequiredBy/units+/I
    Requires/units+/U RequiresMountsFor/paths+/U RequiresOverridable/other/U Requisite/units+/U
    RequisiteOverridable/other/U Restart/servicerestart/S RestartForceExitStatus/status+/S
    RestartKillSignal/signal/SKMWC RestartMaxDelaySec/seconds/S/254 RestartMode/other/S/254
    RestartPreventExitStatus/status+/S RestartSec/seconds/S RestartSteps/unsigned/S/254
    RestrictAddressFamilies/families+/SKMW RestrictFileSystems/filesystems+/SKMW
    RestrictNamespaces/namespaces+/SKMW RestrictNetworkInterfaces/other+/SKMWLC
    RestrictRealtime/boolean/SKMW RestrictSUIDSGID/boolean/SKMW ReusePort/boolean/K RootDirectory/path/SKMW
    RootDirectoryStartOnly/boolean/S RootEphemeral/boolean/SKMW/254 RootHash/other/SKMW
    RootHashSignature/other/SKMW RootImage/path/SKMW RootImageOptions/other+/SKMW
    RootImagePolicy/other/SKMW/254 RootVerity/path/SKMW RuntimeDirectory/other+/SKMW
    RuntimeDirectoryMode/mode/SKMW RuntimeDirectoryPreserve/other/SKMW RuntimeMaxSec/seconds/SC
    RuntimeRandomizedExtraSec/seconds/SC SELinuxContext/label/SKMW SELinuxContextFromNet/boolean/K
    SecureBits/securebits/SKMW SendBuffer/size/K SendSIGHUP/boolean/SKMWC SendSIGKILL/boolean/SKMWC
    Service/service/K SetCredential/other+/SKMW SetCredentialEncrypted/other+/SKMW
    SetLoginEnvironment/boolean/SKMW/255 Slice/slice/SKMWLC SloppyOptions/boolean/M SmackLabel/string/K
    SmackLabelIPIn/string/K SmackLabelIPOut/string/K SmackProcessLabel/other/SKMW
    SocketBindAllow/other+/SKMWLC SocketBindDeny/other+/SKMWLC SocketGroup/other/K SocketMode/mode/K
    SocketProtocol/other/K SocketUser/other/K Sockets/sockets+/S SourcePath/path/U
    StandardError/output/SKMW StandardInput/input/SKMW StandardInputData/other+/SKMW
    StandardInputText/other+/SKMW StandardOutput/output/SKMW StartLimitAction/action/US
    StartLimitBurst/unsigned/US StartLimitInterval/seconds/US StartLimitIntervalSec/seconds/U
    StartupAllowedCPUs/other+/SKMWLC StartupAllowedMemoryNodes/other+/SKMWLC
    StartupBlockIOWeight/weight/SKMWLC StartupCPUShares/shares/SKMWLC StartupCPUWeight/cpuweight/SKMWLC
    StartupIOWeight/weight/SKMWLC StateDirectory/other+/SKMW StateDirectoryMode/mode/SKMW
    StopPropagatedFrom/units+/U StopWhenUnneeded/boolean/U SuccessAction/action/U
    SuccessActionExitStatus/other/U SuccessExitStatus/status+/S SupplementaryGroups/other+/SKMW
    SurviveFinalKillSignal/boolean/U/255 Symlinks/other+/K SyslogFacility/facility/SKMW
    SyslogIdentifier/string/SKMW SyslogLevel/level/SKMW SyslogLevelPrefix/boolean/SKMW
    SystemCallArchitectures/archs+/SKMW SystemCallErrorNumber/errno/SKMW SystemCallFilter/syscalls+/SKMW
    SystemCallLog/syscalls+/SKMW TCPCongestion/string/K TTYColumns/other/SKMW TTYPath/path/SKMW
    TTYReset/boolean/SKMW TTYRows/other/SKMW TTYVHangup/boolean/SKMW TTYVTDisallocate/boolean/SKMW
    TasksAccounting/boolean/SKMWLC TasksMax/other/SKMWLC TemporaryFileSystem/other+/SKMW
    TimeoutAbortSec/seconds/S TimeoutCleanSec/seconds/SKMW TimeoutIdleSec/other/A TimeoutSec/seconds/SKMW
    TimeoutStartFailureMode/timeoutmode/S TimeoutStartSec/seconds/S TimeoutStopFailureMode/timeoutmode/S
    TimeoutStopSec/seconds/SC TimerSlackNSec/nanoseconds/SKMW Timestamping/other/K Transparent/boolean/K
    TriggerLimitBurst/unsigned/KP TriggerLimitIntervalSec/seconds/KP Type/servicetype/S Type/string/M
    UMask/mode/SKMW USBFunctionDescriptors/path/S USBFunctionStrings/path/S Unit/unit/TP
    UnsetEnvironment/other+/SKMW UpheldBy/units+/I/254 Upholds/units+/U User/other/SKMW
    UtmpIdentifier/string/SKMW UtmpMode/other/SKMW WakeSystem/boolean/T WantedBy/units+/I Wants/units+/U
    WantsMountsFor/paths+/U/256 WatchdogSec/seconds/S WatchdogSignal/signal/SKMWC What/path/W What/string/M
    Where/path/MA WorkingDirectory/other/SKMW Writable/boolean/K
    """
}
