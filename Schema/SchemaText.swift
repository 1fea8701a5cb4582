/// The case as it is today, in the SQL files beside this one.
public enum Schema {
  /// The number of the newest migration, kept in the case's `user_version`.
  public static let version: Int32 = 7
  /// `WCAS`, kept in the case's `application_id`: what `file` shows of a case.
  public static let applicationID: Int32 = 0x5743_4153

  /// Tables of facts: those of application protocols, a file each in the folder `applications`, last.
  public static let facts = text(of: "facts.sql") + texts(in: "applications/")
  /// The tables of application protocols.
  public static let applicationTables = texts(in: "applications/").matches(
    of: /CREATE TABLE (fact_[a-z0-9_]+)/
  ).map { String($0.1) }
  /// Tables of derivations.
  public static let derivations = text(of: "derivations.sql")
  /// Tables of custody: sources and the log.
  public static let custody = text(of: "custody.sql")
  /// What numbers mean: those of application protocols, a file each in the folder `lookups`, last.
  public static let lookups = text(of: "lookups.sql") + texts(in: "lookups/")
  /// The views of the contract: those of application protocols, a file each in the folder `views`, last.
  public static let views = text(of: "views.sql") + texts(in: "views/")
  /// Indexes, made after the rows of a new case.
  public static let indexes = text(of: "indexes.sql")

  /// The statements that derivations are made with: the files of the folder `deriving`.
  public enum DerivingFile: String, CaseIterable, Sendable {
    case clockPairs = "clock-pairs"
    case conversations
    case dnsEvents = "dns-events"
    case earlierCaptures = "earlier-captures"
    case earlierPlaces = "earlier-places"
    case earlierSightings = "earlier-sightings"
    case earlierSightingsByTime = "earlier-sightings-by-time"
    case earlierStreams = "earlier-streams"
    case echoes
    case forgetDuplicates = "forget-duplicates"
    case forgetFlows = "forget-flows"
    case forgetLinks = "forget-links"
    case forgetLinksOfCapture = "forget-links-of-capture"
    case forgetQuestions = "forget-questions"
    case icmpLinks = "icmp-links"
    case isolate
    case printedPackets = "printed-packets"
    case repeatedStreams = "repeated-streams"
    case repetitions
    case sightedPackets = "sighted-packets"
    case sightings
    case sightingsInOrder = "sightings-in-order"
    case spreadCaptures = "spread-captures"
    case spreadStreams = "spread-streams"
    case touched
    case touchedMessages = "touched-messages"
    case touchedStreams = "touched-streams"
    case touchedByQuotes = "touched-by-quotes"
    case touchedByRemoval = "touched-by-removal"
    case unobserved
  }

  /// The statements of one of these files.
  public static func deriving(_ file: DerivingFile) -> String {
    text(of: "deriving/\(file.rawValue).sql")
  }

  /// The statements that a capture of another case is copied with: the files of the folder `merging`.
  public enum MergingFile: String, CaseIterable, Sendable {
    case facts
    case derivations
    case oddities
  }

  /// The statements of one of these files.
  public static func merging(_ file: MergingFile) -> String {
    text(of: "merging/\(file.rawValue).sql")
  }

  /// What the derivations are, in portable SQL: the files of the folder `definitions`.
  public enum Definition: String, CaseIterable, Sendable {
    case duplicates
    case icmpLinks = "icmp-links"
    case flowMembers = "flow-members"
    case flows
    case dnsMatches = "dns-matches"
    case dnsTransactions = "dns-transactions"
  }

  /// The statement of one of these files. It yields rows of its derivation.
  public static func definition(_ definition: Definition) -> String {
    text(of: "definitions/\(definition.rawValue).sql")
  }

  /// The files of a folder, in the order of their names.
  private static func texts(in folder: String) -> String {
    embeddedSQL.filter { $0.path.hasPrefix(folder) }.sorted { $0.path < $1.path }
      .map { "\n" + $0.text }.joined()
  }

  private static func text(of path: String) -> String {
    embeddedSQL.first { $0.path == path }?.text ?? ""
  }
}
