import PacketDecoding

/// What addresses are called: sites and servers that a user knows, and names that captures give.
///
/// Names are told beside addresses, never instead of them.
public struct KnownHosts: Sendable {
  /// A place, by a network that it has.
  struct Site: Sendable {
    var name: String
    var prefix: NetworkPrefix
  }

  /// A host that is meant to be there.
  struct Server: Equatable, Sendable {
    var address: NetworkAddress
    /// As it was written.
    var text: String
    var name: String?
    /// What it is meant to be, such as `resolver`.
    var role: String?

    /// Whether it is meant to look names up.
    var isResolver: Bool {
      let role = role?.lowercased() ?? ""
      return role.contains("resolver") || role.contains("dns") || role.contains("name server")
    }
  }

  /// The first that holds an address is that of its host.
  var sites: [Site] = []
  var servers: [Server] = []
  /// Names that captures give for addresses.
  var named: [NetworkAddress: GivenName] = [:]

  /// A name, and the capture that gives it.
  struct GivenName: Equatable, Sendable {
    var name: String
    var capture: String
  }

  public init() {}

  /// What is known of an address, such as `ns1.example.net, the expected resolver, office Berlin`;
  /// `nil` for an unknown one.
  func words(for text: String) -> String? {
    guard let address = NetworkAddress(text) else { return nil }
    let server = servers.first { $0.address == address }
    let site = sites.first { $0.prefix.contains(address) }
    var words = [server?.name, server?.role.map { "the expected \($0)" }, site?.name]
      .compactMap { $0 }
    if server?.name == nil, let given = named[address] {
      words.append("named \(given.name) in \(given.capture)")
    }
    return words.isEmpty ? nil : TabularOutput.harmless(words.joined(separator: ", "))
  }

  /// Whether an address is one of those that are meant to look names up; `nil` where none is known.
  func isExpectedResolver(_ text: String) -> Bool? {
    let resolvers = servers.filter(\.isResolver)
    guard !resolvers.isEmpty else { return nil }
    let address = NetworkAddress(text)
    return resolvers.contains { $0.address == address }
  }

  /// Those that are meant to look names up, by address.
  var expectedResolvers: [String] { servers.filter(\.isResolver).map(\.text) }

  var isEmpty: Bool { sites.isEmpty && servers.isEmpty && named.isEmpty }
}

extension NetworkAddress {
  init?(_ text: String) { self.init(text: Array(text.utf8).span) }
}
