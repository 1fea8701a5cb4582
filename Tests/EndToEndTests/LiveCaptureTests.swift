import Foundation
import Testing

// What is sent over the cable is known, and nothing else is on it: the counts are those of the
// sender, and of the kernel where it drops.
@Suite(
  "A live capture between two hosts", .serialized,
  .enabled(if: Namespaces.areAvailable, "needs root, and network namespaces"))
struct LiveCaptureTests {
  private let network: Namespaces
  private let folder: Folder

  init() throws {
    (network, folder) = (try Namespaces(), try Folder())
  }

  /// Starts a capture into `case.db`, and waits until packets are held.
  private func capture(_ options: String...) throws -> Namespaces.Running {
    let running = try network.start(
      ["capture", "case.db", Namespaces.interface] + options, in: folder)
    running.waitUntil(said: "capturing to")
    return running
  }

  /// The rows of a statement as CSV, without the header.
  private func ask(_ statement: String) throws -> [String] {
    let output = try Program.run(["sql", "case.db", statement], in: folder.url)
    return output.text.split(separator: "\n").dropFirst().map(String.init)
  }

  @Test("Every packet that was sent is a row, and the duration ends it")
  func everyPacket() throws {
    let began = ContinuousClock.now
    let running = try capture("--duration", "2")
    try network.send(1500)
    let (status, errors) = running.end()
    #expect(status == 0)
    #expect(ContinuousClock.now - began >= .seconds(2))
    #expect(errors.contains("cable1: 1500 packets, 0 dropped by the kernel, 0 by the interface\n"))
    #expect(try ask("SELECT count(*) FROM packets WHERE dst_port = 5300") == ["1500"])
    #expect(
      try ask("SELECT format, packets, complete, received, dropped, application FROM captures")
        == ["pcapng,1500,1,1500,0,wirecase 0.1.0"])
    let file = try #require(ask("SELECT path FROM captures").first)
    #expect(file.contains("case.db.live/cable1-2") && file.hasSuffix("Z.pcapng"))
    #expect(try Program.run(["verify", "case.db"], in: folder.url).status == 0)
    #expect(!folder.names.contains { $0.hasSuffix(".lock") || $0.hasSuffix("-wal") })
  }

  @Test("The kernel filters, and the filter is kept with the capture")
  func filter() throws {
    let running = try network.start(
      [
        "ingest", "case.db", "live:cable1", "--filter", "udp dst port 5353", "--duration", "1.5",
        "--name", "the cable", "--snap-length", "50",
      ], in: folder)
    running.waitUntil(said: "capturing to")
    try network.send(70, port: 5300)
    try network.send(30, port: 5353)
    #expect(running.end().status == 0)
    #expect(
      try ask("SELECT name, filter, packets, received FROM captures")
        == ["the cable,udp dst port 5353,30,30"])
    #expect(
      try ask("SELECT name, filter, snap_length FROM interfaces")
        == ["cable1,udp dst port 5353,50"])
    // 14 octets of Ethernet, 20 of IPv4, 8 of UDP, 20 of data.
    #expect(try ask("SELECT DISTINCT captured_length, length FROM packets") == ["50,62"])
  }

  @Test("What was captured is kept in the case when that is asked for, and its file may go")
  func kept() throws {
    let running = try capture("--limit-packets", "100", "--embed")
    try network.send(300)
    #expect(running.end().status == 0)
    let file = try #require(ask("SELECT path FROM captures").first)
    let octets = try Data(contentsOf: URL(filePath: file))
    try FileManager.default.removeItem(atPath: file)
    let name = try #require(ask("SELECT name FROM captures").first)
    #expect(
      try Program.run(["export", "case.db", "--capture", name, "-o", "out"], in: folder.url).status
        == 0)
    #expect(try Data(contentsOf: URL(filePath: folder.path("out"))) == octets)
  }

  @Test("So many packets end it")
  func limit() throws {
    let running = try capture("--limit-packets", "100")
    try network.send(300)
    #expect(running.end().status == 0)
    #expect(try ask("SELECT packets, packet_limit FROM captures") == ["100,100"])
  }

  @Test("A signal ends it, and what had come is in the case", arguments: [SIGINT, SIGTERM])
  func signals(number: Int32) throws {
    let running = try capture()
    try network.send(2000)
    running.signal(number)
    let (status, errors) = running.end()
    #expect(status == 0, "\(errors)")
    #expect(try ask("SELECT packets, complete FROM captures") == ["2000,1"])
  }

  @Test("Files take turns, each is a capture of the case, and the oldest go")
  func ring() throws {
    let running = try capture(
      "--write", "ring", "--rotate-bytes", "65536", "--keep", "2", "--duration", "2")
    try network.send(3000)
    #expect(running.end().status == 0)
    // A packet takes 62 octets, 2 of padding, and 32 around them.
    #expect(
      try ask("SELECT sum(packets), sum(received), count(*) FROM captures") == ["3000,3000,5"])
    #expect(try ask("SELECT count(*) FROM captures WHERE size > 65536 OR NOT complete") == ["0"])
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path("ring"))
    #expect(left.count == 2 && left.allSatisfy { $0.hasSuffix(".pcapng") })
  }

  @Test("Files take turns by time, once they hold a packet")
  func turnsByTime() throws {
    let running = try capture(
      "--write", "ring", "--rotate-seconds", "0.5", "--duration", "2.5")
    try network.send(10)
    Thread.sleep(forTimeInterval: 1)
    try network.send(20)
    #expect(running.end().status == 0)
    #expect(try ask("SELECT packets FROM captures ORDER BY first_time") == ["10", "20"])
  }

  @Test("What found no room in the kernel is counted: rows and drops are what was sent")
  func drops() throws {
    let running = try capture()
    // Stopped, it takes nothing: 32 MiB wait in the kernel, of some 56 that are sent.
    running.signal(SIGSTOP)
    try network.send(40_000, octets: 1400)
    let sent = try network.arrived()
    running.signal(SIGCONT)
    running.signal(SIGINT)
    let (status, errors) = running.end()
    #expect(status == 0)
    let counts = try ask("SELECT packets, dropped, received FROM captures").first?
      .split(separator: ",").compactMap { Int($0) }
    let (rows, dropped, received) = try #require(counts.map { ($0[0], $0[1], $0[2]) })
    #expect(dropped > 0 && rows > 0)
    #expect(rows + dropped == sent && received == sent)
    #expect(errors.contains("cable1: \(rows) packets, \(dropped) dropped by the kernel"))
  }

  @Test("A capture that is killed leaves a readable file, and the next ingest says so")
  func killed() throws {
    let running = try capture()
    try network.send(1000)
    Thread.sleep(forTimeInterval: 2.5)
    running.signal(SIGKILL)
    _ = running.end()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("case.db.live"))
    let left = "case.db.live/" + (try #require(names.first))
    #expect(names.count == 1 && left.hasSuffix(".pcapng.partial"))
    let sample = Program.sample("client-a.pcap")
    let next = try Program.run(["ingest", "case.db", sample], in: folder.url)
    #expect(
      next.errors.contains(
        "\(left): left by a capture that was killed; 'wirecase ingest case.db \(left)' takes it in\n"
      ))
    let taken = try Program.run(["ingest", "case.db", left], in: folder.url)
    #expect(taken.status == 0 && !taken.errors.contains("killed"))
    #expect(try ask("SELECT count(*) FROM packets WHERE dst_port = 5300") == ["1000"])
  }

  @Test("Other programs read the file as this one does")
  func otherPrograms() throws {
    let running = try capture("--limit-packets", "10")
    try network.send(10)
    #expect(running.end().status == 0)
    let file = try #require(ask("SELECT path FROM captures").first)
    guard (try? Namespaces.run("command -v capinfos tshark")) != nil else { return }
    let facts = try Namespaces.run("capinfos -M \(file)")
    for fact in ["Number of packets:   10", "precision:  nanoseconds (9)", "wirecase 0.1.0"] {
      #expect(facts.contains(fact))
    }
    let times = try Namespaces.run("tshark -r \(file) -T fields -e frame.time_epoch 2>/dev/null")
    #expect(
      try ask("SELECT printf('%d.%09d', ts / 1000000000, ts % 1000000000) FROM packets")
        == times.split(separator: "\n").map(String.init))
  }

  @Test("Without the right to capture, one line says what is missing and what to do")
  func notPermitted() throws {
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: folder.url.path)
    guard
      (try? Namespaces.run("setpriv --reuid=65534 --clear-groups '\(Program.path)' --version"))
        != nil
    else { return }
    let running = try network.start(
      ["capture", "case.db", "cable1"], in: folder,
      through: ["setpriv", "--reuid=65534", "--clear-groups"])
    let (status, errors) = running.end()
    #expect(status == 4)
    #expect(errors.hasPrefix("wirecase: cable1: this user may not capture:"))
    #expect(errors.contains("'setcap cap_net_raw,cap_net_admin=eip "))
    #expect(errors.split(separator: "\n").count == 1 && folder.names.isEmpty)
  }

  @Test("An interface that is not there is one line with those that are")
  func unknownInterface() throws {
    let running = try network.start(["capture", "case.db", "eth9"], in: folder)
    let (status, errors) = running.end()
    #expect(status == 4)
    #expect(errors.hasPrefix("wirecase: eth9: no such interface. There are: "))
    #expect(errors.contains("cable1") && errors.contains("any"))
    #expect(errors.split(separator: "\n").count == 1 && folder.names.isEmpty)
  }
}

@Suite("What is asked of a live capture")
struct LiveCaptureWordsTests {
  @Test(
    "Words that do not go together are refused before anything is opened",
    arguments: [
      (["capture", "a.db", "lo", "--filter", "udp prt 53"], "can't parse filter expression"),
      (["capture", "a.db", "lo", "--keep", "3"], "--keep goes with"),
      (["capture", "a.db", "lo", "--rotate-seconds", "5"], "go with --write"),
      (["capture", "a.db", "lo", "--snap-length", "0"], "--snap-length takes a number from 1"),
      (["capture", "a.db", "lo", "--duration", "-1"], "--duration"),
      (["ingest", "a.db", "x.pcap", "--duration", "1"], "go with live:IFACE"),
      (["ingest", "a.db", "live:lo", "live:eth0"], "one live source at a time"),
    ])
  func refused(arguments: [String], words: String) throws {
    let folder = try Folder()
    let output = try Program.run(arguments, in: folder.url)
    #expect(output.status == 2)
    #expect(output.errors.contains(words), "\(output.errors)")
    #expect(folder.names.isEmpty)
  }
}
