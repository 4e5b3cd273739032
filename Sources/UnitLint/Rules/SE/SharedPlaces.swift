import Diagnostics
import SystemdUnits
import UnitGraphs

/// SE031, SE039, SE040, SE041: secrets and sockets where everybody finds them.
enum SharedPlaces {
  static let credential = Rule(
    "SE031", "secret-in-unit-file", .warning,
    finds: "SetCredential= with a password, token or key in clear.",
    why: "Everybody may read unit files, and ask systemd for them.",
    example: "[Service]\nSetCredential=db-password:s3cret\nExecStart=/bin/serverd",
    instead: "[Service]\nLoadCredential=db-password:/etc/app/db-password\nExecStart=/bin/serverd",
    ignoreWhen: "The value is a placeholder for when LoadCredential= finds no file.")

  static let socket = Rule(
    "SE039", "socket-in-shared-folder", .warning,
    finds: "A socket or FIFO below /tmp or /var/tmp.",
    why: "Whoever makes the name first gets the callers, and services with PrivateTmp= never see it.",
    example:
      "# a.socket\n[Socket]\nListenStream=/tmp/app.sock\n# a.service\n[Service]\nExecStart=/bin/serverd",
    instead:
      "# a.socket\n[Socket]\nListenStream=/run/app.sock\n# a.service\n[Service]\nExecStart=/bin/serverd")

  static let output = Rule(
    "SE040", "log-in-shared-folder", .warning,
    finds: "StandardOutput= or StandardError= to a file below /tmp, /var/tmp or /home.",
    why: "systemd opens the file as root: a link that somebody put there leads the log anywhere.",
    example: "[Service]\nStandardOutput=append:/tmp/app.log\nExecStart=/bin/serverd",
    instead: "[Service]\nStandardOutput=append:/var/log/app.log\nExecStart=/bin/serverd")

  static let mode = Rule(
    "SE041", "socket-open-to-all", .note,
    finds: "SocketMode= that lets everybody write, set in so many words.",
    why: "Every user of the host may talk to the service.",
    example:
      "# a.socket\n[Socket]\nListenStream=/run/a.sock\nSocketMode=0777\n# a.service\n[Service]\nExecStart=/bin/serverd",
    instead:
      "# a.socket\n[Socket]\nListenStream=/run/a.sock\nSocketMode=0660\nSocketGroup=app\n# a.service\n[Service]\nExecStart=/bin/serverd",
    ignoreWhen: "The service is for everybody and checks who calls.")

  static let credentialRule = UnitRule(
    credential,
    nearMisses: [
      "[Service]\nSetCredential=mode:fast\nExecStart=/a",
      "[Service]\nSetCredential=db-password:\nExecStart=/a",
    ],
    .settings(of: [.setCredential]) { item, report in
      let name = item.setting.value.prefix { $0 != ":" }
      let value = item.setting.value.dropFirst(name.count + 1)
      guard SecretArguments.namesSecret(name), !value.isEmpty,
        !item.unit.values(.loadCredential).contains(where: { $0.hasPrefix(name + ":") || $0 == name })
      else { return }
      report.add(
        item.atValue(
          credential, "\(name) stands in a file that everybody may read",
          help: "use LoadCredential=, or LoadCredentialEncrypted="))
    })

  static let socketRule = UnitRule(
    socket,
    nearMisses: [
      "# a.socket\n[Socket]\nListenStream=/tmp/.X11-unix/X0\n# a.service\n[Service]\nExecStart=/a",
      "# a.socket\n[Socket]\nListenStream=/run/tmp/a\n# a.service\n[Service]\nExecStart=/a",
    ],
    .settings(of: [.listenStream, .listenDatagram, .listenSequentialPacket, .listenFIFO]) { item, report in
      let path = item.setting.value
      guard path.isBelow("/tmp") || path.isBelow("/var/tmp"), !path.hasPrefix("/tmp/.") else { return }
      report.add(item.atValue(socket, "everybody may make this name first", help: "put it below /run"))
    })

  static let outputRule = UnitRule(
    output,
    nearMisses: [
      "[Service]\nStandardOutput=file:/var/log/a.log\nExecStart=/a",
      "[Service]\nStandardOutput=journal\nExecStart=/a",
    ],
    .settings(of: [.standardOutput, .standardError]) { item, report in
      guard let colon = item.setting.value.firstIndex(of: ":") else { return }
      let path = String(item.setting.value[item.setting.value.index(after: colon)...])
      guard ["/tmp", "/var/tmp", "/home", "/dev/shm"].contains(where: path.isBelow) else { return }
      report.add(
        item.atValue(
          output, "systemd opens \(path) as root, and others may put a link there",
          help: "log to the journal, or below /var/log"))
    })

  static let modeRule = UnitRule(
    mode,
    nearMisses: [
      "# a.socket\n[Socket]\nListenStream=80\nSocketMode=0777\n# a.service\n[Service]\nExecStart=/a",
      "# a.socket\n[Socket]\nListenStream=/run/a\nSocketMode=0660\n# a.service\n[Service]\nExecStart=/a",
    ],
    .settings(of: [.socketMode]) { item, report in
      guard let bits = UnitFileModes.mode(item.setting.value), bits & 0o002 != 0,
        item.unit.values(.listenStream).contains(where: { $0.hasPrefix("/") })
      else { return }
      report.add(
        item.atValue(
          mode, "every user of the host may connect", help: "write 0660, and SocketGroup= for those who may"))
    })
}
