import CaseFixtures

extension Trial {
  /// `Queries/login`.
  static let loginTrials = [inClear, bruteForce, oneAccount, sshRuns]

  private static let inClear = Trial(
    name: "login-in-clear", fires: [post("PASS geheim")],
    rows: ["192.0.2.10|198.51.100.80|110|pop|1|1|0|1|anna|user-pass|0|30|30"],
    evidence: [[4, 5]],
    nearMiss: [post("APOP anna c4c9334bac560ecc979e58001b3e22fb"), guesses(1, user: "anonymous")])

  /// Client A logs in to POP3.
  private static func post(_ proof: String) -> CaptureFile {
    var connections = TextConnections(port: 110)
    connections.answer(0, Incident.a, "+OK ready\r\n")
    connections.ask(10, Incident.a, "USER anna\r\n")
    connections.answer(20, Incident.a, "+OK\r\n")
    connections.ask(30, Incident.a, proof + "\r\n")
    connections.answer(40, Incident.a, "+OK welcome\r\n")
    return connections.capture
  }

  private static let bruteForce = Trial(
    name: "login-brute-force", fires: [guesses(10)],
    rows: ["client|ftp|198.51.100.80|21|192.0.2.10|root|10|1|1|1|0|1000|10000"],
    evidence: [[2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]], nearMiss: [guesses(9)])

  /// So many logins of client A at an FTP server that fail, one a second, and one that does not.
  private static func guesses(_ failures: Int64, user: String = "root") -> CaptureFile {
    var connections = TextConnections(port: 21)
    connections.answer(0, Incident.a, "220 FTP\r\n")
    for index in 1...failures + 1 {
      connections.ask(index * 1000, Incident.a, "USER \(user)\r\nPASS guess\(index)\r\n")
      let isIn = index > failures
      connections.answer(
        index * 1000 + 10, Incident.a, "331 Password\r\n\(isIn ? "230 In" : "530 No")\r\n")
    }
    return connections.capture
  }

  private static let oneAccount = Trial(
    name: "login-brute-force", fires: [shared(second: Incident.b)],
    rows: ["account|http|198.51.100.80|80|192.0.2.10|root|10|2|1|0|0|0|9000"],
    evidence: [[1, 3, 5, 7, 9, 11, 13, 15, 17, 19]],
    nearMiss: [shared(second: Incident.b, failures: 9)])

  /// Requests of client A and another in turns, one a second, with a new password of root each.
  private static func shared(second: Endpoint, failures: Int64 = 10) -> CaptureFile {
    // root:0 to root:9 in base64.
    let credentials = ["MA", "MQ", "Mg", "Mw", "NA", "NQ", "Ng", "Nw", "OA", "OQ"]
    var connections = TextConnections(port: 80)
    for (index, end) in zip(0..<failures, credentials) {
      let client = index % 2 == 0 ? Incident.a : second
      connections.ask(
        index * 1000, client, "GET / HTTP/1.1\r\nAuthorization: Basic cm9vdDo\(end)==\r\n\r\n")
      connections.answer(
        index * 1000 + 10, client, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
    }
    return connections.capture
  }

  private static let sshRuns = Trial(
    name: "login-ssh-runs", fires: [calls(15)],
    rows: ["192.0.2.10|198.51.100.80|22|15|60.0|0.05|Go|0|0|14000"],
    evidence: [Array(stride(from: 2, through: 30, by: 2))], nearMiss: [calls(14)])

  /// So many connections of client A to an SSH server, one a second, in which both say what they are.
  private static func calls(_ count: UInt16) -> CaptureFile {
    var connections = TextConnections(port: 22)
    for index in 0..<count {
      let client = Endpoint("192.0.2.10", 40_000 + index)
      connections.answer(Int64(index) * 1000, client, "SSH-2.0-OpenSSH_9.6\r\n")
      connections.ask(Int64(index) * 1000 + 50, client, "SSH-2.0-Go\r\n")
    }
    return connections.capture
  }
}
