// Written by scripts/generate-directives. Do not edit: change the script and run it.

extension DirectiveCatalogue {
  /// A word for each directive: `name/kind/sections[/since[/until]]`. A `+` behind the kind marks lists.
  /// Sections are letters as `UnitSection.letter` gives them. `since` is `254~257` when release notes name
  /// the directive first for 254 and 257 is the first version that was asked and knows it, and `253-254`
  /// when it came with one of them; without, it is as old as the oldest version asked.
  static let table = """
    Accept/boolean/K AcceptFileDescriptors/boolean/K/258~262 AccuracySec/seconds/T
    ActivatingConcurrencyMax/other/L/262~262 After/units+/U Alias/units+/I AllowIsolate/boolean/U
    AllowedCPUs/other+/MCSLKW AllowedMemoryNodes/other+/MCSLKW Also/units+/I
    AmbientCapabilities/boundingset+/MSKW AppArmorProfile/other/MSKW AssertACPower/condition+/U
    AssertArchitecture/condition+/U AssertCPUFeature/condition+/U/248-252
    AssertCPUPressure/condition+/U/248-252 AssertCPUs/condition+/U AssertCapability/condition+/U
    AssertControlGroupController/condition+/U AssertCredential/condition+/U/252~252
    AssertDirectoryNotEmpty/condition+/U AssertEnvironment/condition+/U AssertFileIsExecutable/condition+/U
    AssertFileNotEmpty/condition+/U AssertFirstBoot/condition+/U AssertFraction/condition+/U/258-262
    AssertGroup/condition+/U AssertHost/condition+/U AssertIOPressure/condition+/U/248-252
    AssertKernelCommandLine/condition+/U AssertKernelModuleLoaded/condition+/U/258-262
    AssertKernelVersion/condition+/U AssertMachineTag/condition+/U/258-262 AssertMemory/condition+/U
    AssertMemoryPressure/condition+/U/248-252 AssertNeedsUpdate/condition+/U
    AssertOSRelease/condition+/U/248-252 AssertPathExists/condition+/U AssertPathExistsGlob/condition+/U
    AssertPathIsDirectory/condition+/U AssertPathIsEncrypted/condition+/U
    AssertPathIsMountPoint/condition+/U AssertPathIsReadWrite/condition+/U
    AssertPathIsSocket/condition+/U/260~262 AssertPathIsSymbolicLink/condition+/U
    AssertSecurity/condition+/U AssertUser/condition+/U AssertVersion/condition+/U/258-262
    AssertVirtualization/condition+/U BPFDelegateAttachments/other/MSKW/258~262
    BPFDelegateCommands/other/MSKW/258~262 BPFDelegateMaps/other/MSKW/258~262
    BPFDelegatePrograms/other/MSKW/258~262 BPFProgram/other+/MCSLKW/249~252 Backlog/unsigned/K
    Before/units+/U BindIPv6Only/socketbind/K BindLogSockets/boolean/MSKW/257~257
    BindNetworkInterface/other/MCSLKW/260~262 BindPaths/bindPaths+/MSKW BindReadOnlyPaths/bindPaths+/MSKW
    BindTo/units+/U BindToDevice/networkinterface/K BindsTo/units+/U BlockIOAccounting/boolean/MCSLKW//257
    BlockIODeviceWeight/deviceweight+/MCSLKW//257 BlockIOReadBandwidth/bandwidth+/MCSLKW//257
    BlockIOWeight/weight/MCSLKW//257 BlockIOWriteBandwidth/bandwidth+/MCSLKW//257 Broadcast/boolean/K
    BusName/other/S CPUAccounting/boolean/MCSLKW//257 CPUAffinity/cpuaffinity+/MSKW
    CPUPressureThresholdSec/seconds/MCSLKW/261~262 CPUPressureWatch/other/MCSLKW/261~262
    CPUQuota/other/MCSLKW CPUQuotaPeriodSec/other/MCSLKW CPUSchedulingPolicy/cpuschedpolicy/MSKW
    CPUSchedulingPriority/cpuschedprio/MSKW CPUSchedulingResetOnFork/boolean/MSKW
    CPUSetPartition/other/MCSLKW/261~262 CPUShares/shares/MCSLKW//257 CPUWeight/cpuweight/MCSLKW
    CacheDirectory/other+/MSKW CacheDirectoryAccounting/boolean/MSKW/258~262 CacheDirectoryMode/mode/MSKW
    CacheDirectoryQuota/other/MSKW/258~262 CapabilityBoundingSet/boundingset+/MSKW CollectMode/other/U
    ConcurrencyHardMax/other/L/258~262 ConcurrencySoftMax/other/L/258~262 ConditionACPower/condition+/U
    ConditionArchitecture/condition+/U ConditionCPUFeature/condition+/U/248~252
    ConditionCPUPressure/condition+/U/248-252 ConditionCPUs/condition+/U ConditionCapability/condition+/U
    ConditionControlGroupController/condition+/U ConditionCredential/condition+/U/252~252
    ConditionDirectoryNotEmpty/condition+/U ConditionEnvironment/condition+/U
    ConditionFileIsExecutable/condition+/U ConditionFileNotEmpty/condition+/U
    ConditionFirmware/condition+/U/249~252 ConditionFirstBoot/condition+/U
    ConditionFraction/condition+/U/261~262 ConditionGroup/condition+/U ConditionHost/condition+/U
    ConditionIOPressure/condition+/U/248-252 ConditionKernelCommandLine/condition+/U
    ConditionKernelModuleLoaded/condition+/U/258~262 ConditionKernelVersion/condition+/U
    ConditionMachineTag/condition+/U/261~262 ConditionMemory/condition+/U
    ConditionMemoryPressure/condition+/U/248-252 ConditionNeedsUpdate/condition+/U
    ConditionOSRelease/condition+/U/249~252 ConditionPathExists/condition+/U
    ConditionPathExistsGlob/condition+/U ConditionPathIsDirectory/condition+/U
    ConditionPathIsEncrypted/condition+/U ConditionPathIsMountPoint/condition+/U
    ConditionPathIsReadWrite/condition+/U ConditionPathIsSocket/condition+/U/260~262
    ConditionPathIsSymbolicLink/condition+/U ConditionSecurity/condition+/U ConditionUser/condition+/U
    ConditionVersion/condition+/U/258~262 ConditionVirtualization/condition+/U
    ConfigurationDirectory/other+/MSKW ConfigurationDirectoryMode/mode/MSKW Conflicts/units+/U
    CoredumpFilter/other/MSKW CoredumpReceive/boolean/MCSLKW/255~257 DefaultDependencies/boolean/U
    DefaultInstance/other/I DefaultMemoryLow/limit/MCSLKW//257 DefaultMemoryMin/limit/MCSLKW//257
    DefaultStartupMemoryLow/limit/MCSLKW/254~254/257 DeferAcceptSec/seconds/K
    DeferReactivation/boolean/T/257~257 DeferTrigger/other/K/258~262 DeferTriggerMaxSec/other/K/258~262
    Delegate/other+/MCSLKW DelegateNamespaces/namespaces+/MSKW/258~262
    DelegateSubgroup/other/MCSLKW/254~254 Description/string/U DeviceAllow/device+/MCSLKW
    DevicePolicy/policy/MCSLKW DirectoryMode/mode/AMPK DirectoryNotEmpty/path/P
    DisableControllers/other+/MCSLKW Documentation/url+/U DynamicUser/boolean/MSKW
    Environment/environ+/MSKW EnvironmentFile/file+/MSKW ExecCondition/exec+/S
    ExecPaths/paths+/MSKW/248~252 ExecReload/exec+/S ExecReloadPost/exec+/S/259~262
    ExecSearchPath/path+/MSKW/250~252 ExecStart/exec+/S ExecStartPost/exec+/SK ExecStartPre/exec+/SK
    ExecStop/exec+/S ExecStopPost/exec+/SK ExecStopPre/exec+/K ExitType/serviceexittype/S/250~252
    ExtensionDirectories/paths+/MSKW/251~252 ExtensionImagePolicy/other/MSKW/254~254
    ExtensionImages/other+/MSKW/248~252 ExtraOptions/string/A/250~252 FailureAction/action/SU
    FailureActionExitStatus/other/U FileDescriptorName/other/K FileDescriptorStoreMax/unsigned/S
    FileDescriptorStorePreserve/other/S/254~254 FinalKillSignal/signal/MCSKW FixedRandomDelay/boolean/T
    FlushPending/boolean/K ForceUnmount/boolean/M FreeBind/boolean/K Group/other/MSKW
    GuessMainPID/boolean/S IOAccounting/boolean/MCSLKW IODeviceLatencyTargetSec/devicelatency+/MCSLKW
    IODeviceWeight/deviceweight+/MCSLKW IOPressureThresholdSec/seconds/MCSLKW/261~262
    IOPressureWatch/other/MCSLKW/261~262 IOReadBandwidthMax/limit/MCSLKW IOReadIOPSMax/limit/MCSLKW
    IOSchedulingClass/ioclass/MSKW IOSchedulingPriority/iopriority/MSKW IOWeight/weight/MCSLKW
    IOWriteBandwidthMax/limit/MCSLKW IOWriteIOPSMax/limit/MCSLKW IPAccounting/boolean/MCSLKW
    IPAddressAllow/other+/MCSLKW IPAddressDeny/other+/MCSLKW IPCNamespacePath/path/MSKW/248~252
    IPEgressFilterPath/other+/MCSLKW IPIngressFilterPath/other+/MCSLKW IPTOS/tos/K IPTTL/integer/K
    IgnoreOnIsolate/boolean/U IgnoreSIGPIPE/boolean/MSKW ImportCredential/other+/MSKW/253-254
    InaccessibleDirectories/paths+/MSKW InaccessiblePaths/paths+/MSKW JobRunningTimeoutSec/seconds/U
    JobTimeoutAction/action/U JobTimeoutRebootArgument/other/U JobTimeoutSec/seconds/U
    JoinsNamespaceOf/units+/U KeepAlive/boolean/K KeepAliveIntervalSec/seconds/K KeepAliveProbes/unsigned/K
    KeepAliveTimeSec/seconds/K KeyringMode/other/MSKW KillMode/killmode/MCSKW KillSignal/signal/MCSKW
    LUOSession/other/S/262~262 LazyUnmount/boolean/M LimitAS/limit/MSKW LimitCORE/limit/MSKW
    LimitCPU/limit/MSKW LimitDATA/limit/MSKW LimitFSIZE/limit/MSKW LimitLOCKS/limit/MSKW
    LimitMEMLOCK/limit/MSKW LimitMSGQUEUE/limit/MSKW LimitNICE/limit/MSKW LimitNOFILE/limit/MSKW
    LimitNPROC/limit/MSKW LimitRSS/limit/MSKW LimitRTPRIO/limit/MSKW LimitRTTIME/limit/MSKW
    LimitSIGPENDING/limit/MSKW LimitSTACK/limit/MSKW ListenDatagram/listen+/K ListenFIFO/listen+/K
    ListenMessageQueue/listen+/K ListenNetlink/listen+/K ListenSequentialPacket/listen+/K
    ListenSpecial/listen+/K ListenStream/listen+/K ListenUSBFunction/listen+/K LoadCredential/other+/MSKW
    LoadCredentialEncrypted/other+/MSKW/250~252 LockPersonality/boolean/MSKW LogExtraFields/other+/MSKW
    LogFilterPatterns/other+/MSKW/253~254 LogLevelMax/level/MSKW LogNamespace/other/MSKW
    LogRateLimitBurst/unsigned/MSKW LogRateLimitIntervalSec/seconds/MSKW LogsDirectory/other+/MSKW
    LogsDirectoryAccounting/boolean/MSKW/258~262 LogsDirectoryMode/mode/MSKW
    LogsDirectoryQuota/other/MSKW/258~262 MakeDirectory/boolean/P ManagedOOMMemoryPressure/other/MCSLKW
    ManagedOOMMemoryPressureDurationSec/seconds/MCSLKW/257~257
    ManagedOOMMemoryPressureLimit/other/MCSLKW/248-252
    ManagedOOMMemoryPressureLimitPercent/other/MCSLKW//247 ManagedOOMPreference/other/MCSLKW/248~252
    ManagedOOMSwap/other/MCSLKW Mark/integer/K MaxConnections/unsigned/K MaxConnectionsPerSource/unsigned/K
    MemoryAccounting/boolean/MCSLKW MemoryDenyWriteExecute/boolean/MSKW MemoryHigh/limit/MCSLKW
    MemoryKSM/boolean/MSKW/254~254 MemoryLimit/limit/MCSLKW//257 MemoryLow/limit/MCSLKW
    MemoryMax/limit/MCSLKW MemoryMin/limit/MCSLKW MemoryPressureThresholdSec/seconds/MCSLKW/254~254
    MemoryPressureWatch/other/MCSLKW/254~254 MemorySwapMax/limit/MCSLKW MemoryTHP/other/MSKW/260~262
    MemoryZSwapMax/limit/MCSLKW/253~254 MemoryZSwapWriteback/boolean/MCSLKW/256~257
    MessageQueueMaxMessages/long/K MessageQueueMessageSize/long/K MountAPIVFS/other/MSKW
    MountFlags/mountFlags+/MSKW MountImagePolicy/other/MSKW/254~254 MountImages/other+/MSKW
    NFTSet/other+/MCSLKW/255~257 NUMAMask/other+/MSKW NUMAPolicy/other/MSKW NetworkNamespacePath/path/MSKW
    Nice/nice/MSKW NoDelay/boolean/K NoExecPaths/paths+/MSKW/248~252 NoNewPrivileges/boolean/MSKW
    NonBlocking/boolean/S NotifyAccess/access/S OOMPolicy/other/C/251~252 OOMPolicy/other/S
    OOMRules/other/MCSLKW/258-262 OOMScoreAdjust/oomscoreadjust/MSKW OnActiveSec/timer+/T
    OnBootSec/timer+/T OnCalendar/timer+/T OnClockChange/boolean/T OnFailure/units+/U
    OnFailureIsolate/boolean/U OnFailureJobMode/jobMode/U OnStartupSec/timer+/T OnSuccess/units+/U/249~252
    OnSuccessJobMode/jobMode/U/248-252 OnTimezoneChange/boolean/T OnUnitActiveSec/timer+/T
    OnUnitInactiveSec/timer+/T OpenFile/other+/S/253~254 Options/string/MW PAMName/string/MSKW
    PIDFile/other/S PartOf/units+/U PassCredentials/boolean/K PassEnvironment/other+/MSKW
    PassFileDescriptorsToExec/boolean/K/256~257 PassPIDFD/boolean/K/258~262 PassPacketInfo/boolean/K
    PassSecurity/boolean/K PathChanged/path/P PathExists/path/P PathExistsGlob/path/P PathModified/path/P
    PermissionsStartOnly/boolean/S Persistent/boolean/T Personality/personality/MSKW PipeSize/size/K
    PollLimitBurst/unsigned/K/255~257 PollLimitIntervalSec/seconds/K/255-257 Priority/integer/K
    Priority/other/W PrivateBPF/other/MSKW/258~262 PrivateDevices/boolean/MSKW
    PrivateIPC/boolean/MSKW/248~252 PrivateMounts/other/MSKW PrivateNetwork/boolean/MSKW
    PrivatePIDs/other/MSKW/257~257 PrivateTmp/other/MSKW PrivateUsers/other/MSKW ProcSubset/other/MSKW
    PropagateReloadFrom/units+/U PropagateReloadTo/units+/U PropagatesReloadTo/units+/U
    PropagatesStopTo/units+/U/249~252 ProtectClock/boolean/MSKW ProtectControlGroups/other/MSKW
    ProtectHome/other/MSKW ProtectHostname/other/MSKW ProtectKernelLogs/boolean/MSKW
    ProtectKernelModules/boolean/MSKW ProtectKernelTunables/boolean/MSKW ProtectProc/other/MSKW
    ProtectSystem/other/MSKW RandomizedDelaySec/seconds/T RandomizedOffsetSec/seconds/T/258~262
    ReadOnlyDirectories/paths+/MSKW ReadOnlyPaths/paths+/MSKW ReadWriteDirectories/paths+/MSKW
    ReadWriteOnly/boolean/M ReadWritePaths/paths+/MSKW RebootArgument/other/U RebootArgument/string/S
    ReceiveBuffer/size/K RefreshOnReload/other/S/260~262 RefuseManualStart/boolean/U
    RefuseManualStop/boolean/U ReloadPropagatedFrom/units+/U ReloadSignal/signal/S/253~254
    RemainAfterElapse/boolean/T RemainAfterExit/boolean/S RemoveIPC/boolean/MSKW RemoveOnStop/boolean/K
    RequiredBy/units+/I Requires/units+/U RequiresMountsFor/paths+/U RequiresOverridable/other/U
    Requisite/units+/U RequisiteOverridable/other/U Restart/servicerestart/S
    RestartForceExitStatus/status+/S RestartKillSignal/signal/MCSKW RestartMaxDelaySec/seconds/S/254~254
    RestartMode/other/S/254~254 RestartPreventExitStatus/status+/S
    RestartRandomizedDelaySec/seconds/S/262~262 RestartSec/seconds/S RestartSteps/unsigned/S/254~254
    RestrictAddressFamilies/families+/MSKW RestrictFileSystems/filesystems+/MSKW/250~252
    RestrictNamespaces/namespaces+/MSKW RestrictNetworkInterfaces/other+/MCSLKW/250~252
    RestrictRealtime/boolean/MSKW RestrictSUIDSGID/boolean/MSKW ReusePort/boolean/K RootDirectory/path/MSKW
    RootDirectoryStartOnly/boolean/S RootEphemeral/boolean/MSKW/254~254 RootHash/other/MSKW
    RootHashSignature/other/MSKW RootImage/path/MSKW RootImageOptions/other+/MSKW
    RootImagePolicy/other/MSKW/254~254 RootMStack/path/MSKW/260~262 RootVerity/path/MSKW
    RuntimeDirectory/other+/MSKW RuntimeDirectoryMode/mode/MSKW RuntimeDirectoryPreserve/other/MSKW
    RuntimeMaxSec/seconds/CS RuntimeRandomizedExtraSec/seconds/CS/250~252 SELinuxContext/label/MSKW
    SELinuxContextFromNet/boolean/K SecureBits/securebits/MSKW SendBuffer/size/K SendSIGHUP/boolean/MCSKW
    SendSIGKILL/boolean/MCSKW Service/service/K SetCredential/other+/MSKW
    SetCredentialEncrypted/other+/MSKW/250~252 SetLoginEnvironment/boolean/MSKW/255~257 Slice/slice/MCSLKW
    SloppyOptions/boolean/M SmackLabel/string/K SmackLabelIPIn/string/K SmackLabelIPOut/string/K
    SmackProcessLabel/other/MSKW SocketBindAllow/other+/MCSLKW/249~252 SocketBindDeny/other+/MCSLKW/249~252
    SocketGroup/other/K SocketMode/mode/K SocketProtocol/other/K SocketUser/other/K Sockets/sockets+/S
    SourcePath/path/U StandardError/output/MSKW StandardInput/input/MSKW StandardInputData/other+/MSKW
    StandardInputText/other+/MSKW StandardOutput/output/MSKW StartLimitAction/action/SU
    StartLimitBurst/unsigned/SU StartLimitInterval/seconds/SU StartLimitIntervalSec/seconds/U
    StartupAllowedCPUs/other+/MCSLKW/250~252 StartupAllowedMemoryNodes/other+/MCSLKW/250~252
    StartupBlockIOWeight/weight/MCSLKW//257 StartupCPUShares/shares/MCSLKW//257
    StartupCPUWeight/cpuweight/MCSLKW StartupIOWeight/weight/MCSLKW StartupMemoryHigh/limit/MCSLKW/254~254
    StartupMemoryLow/limit/MCSLKW/254~254 StartupMemoryMax/limit/MCSLKW/254~254
    StartupMemorySwapMax/limit/MCSLKW/254~254 StartupMemoryZSwapMax/limit/MCSLKW/254~254
    StateDirectory/other+/MSKW StateDirectoryAccounting/boolean/MSKW/258~262 StateDirectoryMode/mode/MSKW
    StateDirectoryQuota/other/MSKW/258~262 StopPropagatedFrom/units+/U/249~252 StopWhenUnneeded/boolean/U
    SuccessAction/action/U SuccessActionExitStatus/other/U SuccessExitStatus/status+/S
    SupplementaryGroups/other+/MSKW SurviveFinalKillSignal/boolean/U/255~257 Symlinks/other+/K
    SyslogFacility/facility/MSKW SyslogIdentifier/string/MSKW SyslogLevel/level/MSKW
    SyslogLevelPrefix/boolean/MSKW SystemCallArchitectures/archs+/MSKW SystemCallErrorNumber/errno/MSKW
    SystemCallFilter/syscalls+/MSKW SystemCallLog/syscalls+/MSKW TCPCongestion/string/K
    TTYColumns/other/MSKW/250~252 TTYPath/path/MSKW TTYReset/boolean/MSKW TTYRows/other/MSKW/250~252
    TTYVHangup/boolean/MSKW TTYVTDisallocate/boolean/MSKW TasksAccounting/boolean/MCSLKW
    TasksMax/other/MCSLKW TemporaryFileSystem/other+/MSKW TimeoutAbortSec/seconds/S
    TimeoutCleanSec/seconds/MSKW TimeoutIdleSec/other/A TimeoutSec/seconds/MSKW
    TimeoutStartFailureMode/timeoutmode/S TimeoutStartSec/seconds/S TimeoutStopFailureMode/timeoutmode/S
    TimeoutStopSec/seconds/CS TimerSlackNSec/nanoseconds/MSKW Timestamping/other/K Transparent/boolean/K
    TriggerLimitBurst/unsigned/K TriggerLimitBurst/unsigned/P/250~252 TriggerLimitIntervalSec/seconds/K
    TriggerLimitIntervalSec/seconds/P/250~252 Type/servicetype/S Type/string/M UMask/mode/MSKW
    USBFunctionDescriptors/path/S USBFunctionStrings/path/S Unit/unit/PT UnsetEnvironment/other+/MSKW
    UpheldBy/units+/I/254~254 Upholds/units+/U/249~252 User/other/MSKW UserNamespacePath/path/MSKW/259~262
    UtmpIdentifier/string/MSKW UtmpMode/other/MSKW WakeSystem/boolean/T WantedBy/units+/I Wants/units+/U
    WantsMountsFor/paths+/U/256~257 WatchdogSec/seconds/S WatchdogSignal/signal/MCSKW What/path/W
    What/string/M Where/path/AM WorkingDirectory/other/MSKW Writable/boolean/K XAttrAccept/other/K/262~262
    XAttrEntryPoint/other/K/262~262 XAttrListen/other/K/262~262
    """
}
