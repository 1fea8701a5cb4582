import CaseFixtures

extension Trial {
  /// `Queries/smb`.
  static let smbTrials = [accessDenied, unexpectedSMBHosts]

  // MARK: - smb-access-denied

  private static let accessDenied = Trial(
    name: "smb-access-denied", fires: [refused(10, pause: 299_990)],
    rows: [
      #"10.0.0.5|10.0.0.9|10|2|3|5|0||1|\\srv\c$|1|x|3|STATUS_ACCESS_DENIED|0|10|300090"#
    ],
    evidence: [[2, 4, 6, 8, 10, 12, 14, 16, 18, 20]],
    nearMiss: [refused(9, pause: 0, by: "10.0.0.8"), refused(10, pause: 299_991)])

  /// A client that is refused so many times, every 10 ms, with a pause in the middle.
  private static func refused(_ count: Int, pause: Int64, by server: String = "10.0.0.9")
    -> CaptureFile
  {
    var talk = SMBTalk("10.0.0.5", server)
    for index in 0..<count {
      let time = Int64(index) * 10 + 10 + (index > 4 ? pause : 0)
      switch index % 10 {
      case 0: talk.ask(time, .sessionSetup, status: 0xc000_006d)
      case 1: talk.ask(time, .sessionSetup, status: 0xc000_0022)
      case 2...4: talk.ask(time, .treeConnect(#"\\srv\c$"#), status: 0xc000_00cc)
      default: talk.ask(time, .create("x"), status: 0xc000_0022)
      }
    }
    // What is no refusal: the login goes on, a file is not there.
    talk.ask(150, .sessionSetup, status: 0xc000_0016)
    talk.ask(160, .create("y"), status: 0xc000_0034)
    return talk.capture
  }

  // MARK: - smb-unexpected-hosts

  private static let unexpectedSMBHosts = Trial(
    name: "smb-unexpected-hosts", fires: [visits(servers: 10, also: "198.51.100.80")],
    rows: [
      #"many-servers|10.0.0.5|10.0.0.10|11|11|1|0||1|\\srv\c$|0|0|0|10|110"#,
      #"outside|10.0.0.5|198.51.100.80|1|1|1|0||1|\\srv\c$|0|0|0|110|110"#,
    ],
    evidence: [Array(1...22), [21, 22]], nearMiss: [visits(servers: 8, also: "172.31.255.1")])

  /// A client that asks so many servers of its network for a share, and another one that refuses.
  private static func visits(servers: Int, also other: String) -> CaptureFile {
    var capture = CaptureFile()
    for index in 0...servers {
      let server = index < servers ? "10.0.0.\(10 + index)" : other
      var talk = SMBTalk("10.0.0.5", server, capture)
      talk.ask(
        Int64(index) * 10 + 10, .treeConnect(#"\\srv\c$"#),
        status: index < servers ? 0 : 0xc000_0022)
      capture = talk.capture
    }
    return capture
  }
}

/// Requests of a client and the server's responses: [MS-SMB2], 2.2.
private struct SMBTalk {
  enum Request {
    case sessionSetup
    case treeConnect(String)
    case create(String)
  }

  private(set) var capture: CaptureFile
  private let client: Endpoint
  private let server: Endpoint
  private var sequence = (client: UInt32(1), server: UInt32(1))
  private var id = 0

  init(_ client: String, _ server: String, _ capture: CaptureFile = CaptureFile()) {
    self.capture = capture
    (self.client, self.server) = (Endpoint(client, 50_000), Endpoint(server, 445))
  }

  /// A request and its response, at one time.
  mutating func ask(_ time: Int64, _ request: Request, status: Int) {
    id += 1
    let (command, body): (Int, [UInt8]) =
      switch request {
      case .sessionSetup: (1, [25, 0] + [UInt8](repeating: 0, count: 22))
      case .treeConnect(let path):
        (3, [9, 0, 0, 0, 72, 0] + little(path.utf16.count * 2, 2) + utf16(path))
      case .create(let name):
        (
          5,
          [57, 0] + [UInt8](repeating: 0, count: 42) + [120, 0] + little(name.utf16.count * 2, 2)
            + [UInt8](repeating: 0, count: 8) + utf16(name)
        )
      }
    let tree = command == 5 ? 5 : 0
    let asked = message(command, status: 0, flags: 0, tree: tree, body)
    capture.add(
      time,
      .tcp(
        client, server, flags: 24, sequence: sequence.client, acknowledgment: sequence.server, asked
      ))
    sequence.client += UInt32(asked.count)
    let answer = message(
      command, status: status, flags: 1, tree: tree, [9, 0] + [UInt8](repeating: 0, count: 14))
    capture.add(
      time,
      .tcp(
        server, client, flags: 24, sequence: sequence.server, acknowledgment: sequence.client,
        answer)
    )
    sequence.server += UInt32(answer.count)
  }

  private func message(_ command: Int, status: Int, flags: Int, tree: Int, _ body: [UInt8])
    -> [UInt8]
  {
    var header: [UInt8] = [0xfe, 0x53, 0x4d, 0x42, 64, 0, 0, 0] + little(status, 4)
    header += little(command, 2) + [1, 0] + little(flags, 4) + little(0, 4) + little(id, 8)
    header += little(0, 4) + little(tree, 4) + little(0x77, 8) + [UInt8](repeating: 0, count: 16)
    let count = header.count + body.count
    return [0, 0, UInt8(count >> 8), UInt8(count & 0xff)] + header + body
  }

  private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { little(Int($0), 2) } }
}
