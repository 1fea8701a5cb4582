/// What keeps a live capture from beginning.
public enum LiveError: Error, Equatable, Sendable {
  /// The user may not capture.
  case notPermitted(interface: String, program: String)
  /// There is no such interface; `others` are there.
  case noInterface(name: String, others: [String])
  /// It is there, and cannot be captured from; libpcap's words.
  case unusable(interface: String, reason: String)
  /// The file for the packets cannot be made, in the system's words.
  case noFile(path: String, reason: String)
}

extension LiveError: CustomStringConvertible {
  /// One line: what is missing, and what to do.
  public var description: String {
    switch self {
    case .notPermitted(let interface, let program):
      #if os(Linux)
        "\(interface): this user may not capture: the capability CAP_NET_RAW is missing. Run it as "
          + "root, or allow the program once: 'setcap cap_net_raw,cap_net_admin=eip \(program)'."
      #else
        "\(interface): this user may not capture: /dev/bpf cannot be opened. Run it as root: "
          + "'sudo \(program)'."
      #endif
    case .noInterface(let name, let others):
      "\(name): no such interface. "
        + (others.isEmpty
          ? "This user sees none." : "There are: \(others.joined(separator: ", ")).")
    case .unusable(let interface, let reason):
      "\(interface): cannot be captured from: \(reason). Check the interface."
    case .noFile(let path, let reason):
      "\(path): cannot be written: \(reason). Check the folder and the space on its disk."
    }
  }
}
