private import CLinux

/// Where this program writes.
public enum HostStream: Int32, Sendable {
  case standardOutput = 1
  case standardError = 2

  /// Writes all bytes. EPIPE, and no signal, when nobody reads any more.
  public static func write(_ bytes: [UInt8], to stream: HostStream) throws(HostError) {
    let name = stream == .standardOutput ? "standard output" : "standard error"
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        return unsafe linux_write_quiet(stream.rawValue, rest.baseAddress, rest.count)
      }
      if count == -Int(linux_EAGAIN) {
        // Somebody made the terminal non-blocking; it takes more when it is ready.
        linux_wait_writable(stream.rawValue)
      } else {
        done += try HostError.check("write to", name, count)
      }
    }
  }

  /// All of standard input; EFBIG when it is more than `limit` bytes.
  public static func readStandardInput(limit: Int) throws(HostError) -> [UInt8] {
    try HostDescriptor(linux_copy_descriptor(0)).read(limit: limit, expecting: 0, path: "standard input")
  }
}

/// What this program is connected to.
public enum HostTerminal {
  /// Whether an open descriptor is a terminal.
  public static func isTerminal(_ descriptor: Int32) -> Bool { linux_is_terminal(descriptor) }

  /// Whether a stream is a terminal.
  public static func isTerminal(_ stream: HostStream) -> Bool { isTerminal(stream.rawValue) }
}

/// The variables this program was started with.
public enum HostEnvironment {
  /// The value of a variable; `nil` when it is not set or is no UTF-8.
  public static func value(_ name: String) -> String? {
    let value = unsafe try? name.call("read") { key in
      unsafe linux_environment(key).flatMap { unsafe String(validatingCString: $0) }
    }
    return value ?? nil
  }
}

/// Random bytes of the system.
public enum HostRandom {
  /// Bytes fit for keys (getrandom(2)).
  public static func bytes(_ count: Int) throws(HostError) -> [UInt8] {
    var result: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      result = unsafe linux_random(buffer.baseAddress, count)
      filled = result < 0 ? 0 : count
    }
    _ = try HostError.check("read", "the system's random numbers", result)
    return bytes
  }
}

/// The machine, as far as this process may use it.
public enum HostMachine {
  /// How many processors this process may run on; at least 1.
  public static var processors: Int { Int(linux_processors()) }

  /// Waits.
  public static func pause(milliseconds: Int) { linux_pause(Int32(clamping: milliseconds)) }

  /// This process's number.
  public static var process: Int { Int(linux_process()) }
}

/// The clock of the machine. Only what mints certificates asks it: nothing that is built depends on
/// the time.
public enum HostClock {
  /// Seconds since 1970-01-01T00:00:00Z.
  public static var secondsSince1970: Int { Int(linux_seconds()) }
}
