import HostFiles
import Testing

@Suite struct HostProgramTests {
  @Test func passesArgumentsAsTheyAre() throws {
    let result = try HostProgram.run(["printf", "%s|", "a b", "$(id)", "", "é\n"])
    #expect(String(decoding: result.output, as: UTF8.self) == "a b|$(id)||é\n|")
    #expect(result.status == 0)
    #expect(throws: HostError.self) { try HostProgram.run(["printf", "a\0b"]) }
  }

  @Test func tellsStatusAndSignal() throws {
    #expect(try HostProgram.run(["sh", "-c", "exit 7"]).status == 7)
    #expect(try HostProgram.run(["sh", "-c", "kill -TERM $$"]).status == 128 + 15)
    let absent = #expect(throws: HostError.self) { try HostProgram.run(["no-such-program-here"]) }
    #expect(absent?.isAbsence == true)
    #expect(throws: HostError.self) { try HostProgram.run([]) }
    #expect(HostProgram.find("sh") != nil)
    #expect(HostProgram.find("no-such-program-here") == nil)
    #expect(HostProgram.find("/etc/passwd") == nil)
  }

  /// Both pipes and the input are far larger than a pipe holds: reading one after the other would
  /// never end.
  @Test func doesNotLockUpOnLargeStreams() throws {
    let input = [UInt8](repeating: 65, count: 3 << 20)
    let result = try HostProgram.run(["sh", "-c", "tee /dev/stderr"], input: input)
    #expect(result.output == input)
    #expect(result.errors == input)
  }

  @Test func aProgramMayIgnoreItsInput() throws {
    let result = try HostProgram.run(["true"], input: [UInt8](repeating: 0, count: 1 << 20))
    #expect(result.status == 0)
    let part = try HostProgram.run(["head", "-c", "3"], input: [UInt8](repeating: 66, count: 1 << 20))
    #expect(part.output == [66, 66, 66])
  }

  @Test func killsWhatTakesTooLongOrSaysTooMuch() throws {
    let late = #expect(throws: HostError.self) { try HostProgram.run(["sleep", "1000"], seconds: 1) }
    #expect(late?.isTimeout == true)
    let loud = #expect(throws: HostError.self) { try HostProgram.run(["yes"], limit: 100_000) }
    #expect(loud?.isLackOfSpace == true)
    #expect(try HostProgram.run(["printf", "12345"], limit: 5).output.count == 5)
    #expect(throws: HostError.self) { try HostProgram.run(["printf", "123456"], limit: 5) }
  }

  /// What a program leaves running holds its pipes open; the run ends with the program all the same.
  @Test func doesNotWaitForWhatTheProgramLeavesBehind() throws {
    let result = try HostProgram.run(["sh", "-c", "sleep 30 & printf 'done %s' $!"], seconds: 20)
    let words = String(decoding: result.output, as: UTF8.self).split(separator: " ")
    #expect(words.first == "done")
    // The shell's own kill: a small system has no program of that name.
    _ = try HostProgram.run(["sh", "-c", "kill $0", String(words.last ?? "")])
  }

  @Test func takesEnvironmentAndFolder() throws {
    let result = try HostProgram.run(["env"], environment: ["B": "2", "A": "1"], directory: "/")
    #expect(String(decoding: result.output, as: UTF8.self) == "A=1\nB=2\n")
    let folder = try HostProgram.run(["pwd"], directory: "/usr")
    #expect(String(decoding: folder.output, as: UTF8.self) == "/usr\n")
    #expect(throws: HostError.self) { try HostProgram.run(["pwd"], directory: "/no/such/folder") }
    let inherited = try HostProgram.run(["sh", "-c", "printf %s \"$PATH\""])
    #expect(String(decoding: inherited.output, as: UTF8.self) == HostEnvironment.value("PATH"))
  }

  @Test func leavesNoDescriptorOpen() throws {
    let before = try HostFile.list("/proc/self/fd").count
    for _ in 0..<50 { _ = try HostProgram.run(["true"], input: [1]) }
    // Other tests run at the same time; fifty runs that lost one each would show all the same.
    #expect(try HostFile.list("/proc/self/fd").count < before + 40)
  }
}

@Suite struct HostProcessTests {
  @Test func randomBytesDiffer() throws {
    let first = try HostRandom.bytes(32)
    #expect(first.count == 32)
    #expect(try HostRandom.bytes(32) != first)
    #expect(try HostRandom.bytes(0).isEmpty)
  }

  @Test func knowsTheMachine() throws {
    let result = try HostProgram.run(["nproc"], environment: [:])
    #expect(String(HostMachine.processors) + "\n" == String(decoding: result.output, as: UTF8.self))
    #expect(HostEnvironment.value("NO_SUCH_VARIABLE_HERE") == nil)
    #expect(!HostTerminal.isTerminal(-1))
  }
}
