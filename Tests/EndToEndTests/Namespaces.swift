import Foundation

/// Two hosts of their own, joined by one cable: network namespaces that nothing else of the machine
/// reaches, removed when their owner goes.
///
/// Neither speaks unasked: IPv6 is off, and the address that is sent to is nobody's, with a link
/// address that is known, so that no ARP, ND or ICMP is on the cable.
final class Namespaces {
  /// The interface at the receiving end, where the program runs.
  static let interface = "cable1"
  private let sender = "wirecase-a-\(UUID().uuidString.prefix(8))"
  private let receiver = "wirecase-b-\(UUID().uuidString.prefix(8))"

  /// Whether this machine and user can make them.
  static let areAvailable: Bool = {
    guard getuid() == 0 else { return false }
    return (try? Namespaces()) != nil
  }()

  struct CommandFailed: Error {
    var command: String
    var said: String
  }

  init() throws {
    for name in [sender, receiver] {
      try Self.run("ip netns add \(name)")
      try Self.run("ip netns exec \(name) sysctl -qw net.ipv6.conf.all.disable_ipv6=1")
    }
    try Self.run("ip -n \(sender) link add cable0 type veth peer name cable1 netns \(receiver)")
    try Self.run("ip -n \(sender) address add 192.0.2.1/24 dev cable0")
    try Self.run("ip -n \(sender) link set cable0 up")
    try Self.run("ip -n \(receiver) link set cable1 up")
    try Self.run(
      "ip -n \(sender) neighbour add 192.0.2.2 lladdr 02:00:00:00:00:02 dev cable0")
  }

  deinit {
    for name in [sender, receiver] { _ = try? Self.run("ip netns delete \(name)") }
  }

  /// Sends UDP packets of `octets` of data to `port`, one after the other.
  func send(_ count: Int, octets: Int = 20, port: Int = 5300) throws {
    try Self.run(
      "ip netns exec \(sender) bash -c 'exec 3<>/dev/udp/192.0.2.2/\(port); "
        + "printf -v data %\(octets)s; for ((i = 0; i < \(count); i++)); do "
        + "printf \"$data\" >&3; done'")
  }

  /// Packets that came out of the cable, as the kernel counts them.
  func arrived() throws -> Int {
    let text = try Self.run(
      "ip netns exec \(receiver) cat /sys/class/net/cable1/statistics/rx_packets")
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
  }

  /// Starts `wirecase` at the receiving end.
  ///
  /// - Parameter prefix: A command that runs the one behind it, such as `setpriv`.
  func start(_ arguments: [String], in folder: Folder, through prefix: [String] = []) throws
    -> Running
  {
    try Running(
      ["ip", "netns", "exec", receiver] + prefix + [Program.path] + arguments, in: folder.url)
  }

  @discardableResult
  static func run(_ command: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "PATH=$PATH:/usr/sbin:/sbin; exec 2>&1; \(command)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CommandFailed(command: command, said: said)
    }
    return said
  }

  /// A program that runs; what it says is read as it comes.
  final class Running {
    private let process = Process()
    private let errors = Pipe()
    private var said = Data()
    private var watchdog = DispatchWorkItem {}

    init(_ command: [String], in folder: URL) throws {
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] + command
      process.currentDirectoryURL = folder
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = errors
      // The threads that tests run on block these, and a program inherits what its parent blocks.
      var (ending, before) = (sigset_t(), sigset_t())
      sigemptyset(&ending)
      for number in [SIGINT, SIGTERM] { sigaddset(&ending, number) }
      pthread_sigmask(SIG_UNBLOCK, &ending, &before)
      defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
      try process.run()
      // One that does not end must not keep the tests from ending.
      let number = process.processIdentifier
      watchdog = DispatchWorkItem { kill(number, SIGKILL) }
      DispatchQueue.global().asyncAfter(deadline: .now() + 30, execute: watchdog)
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var isRunning: Bool { process.isRunning }

    /// Waits until it has said `words`, or ends.
    func waitUntil(said words: String) {
      while !String(decoding: said, as: UTF8.self).contains(words) {
        let more = errors.fileHandleForReading.availableData
        if more.isEmpty { return }
        said += more
      }
    }

    /// The command execs, so that this reaches the program itself.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end.
    func end() -> (status: Int32, errors: String) {
      said += errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      watchdog.cancel()
      return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
  }
}
