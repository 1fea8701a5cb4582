import CaseFixtures
import CaseStore
import Testing

@testable import Investigations

/// What proves an investigation: a case in which it fires, with the rows worked out by hand; a near
/// miss in which it must not; and what it says of a case without packets.
///
/// Trials stand in `Trials/`, a file for each folder of `Queries`.
struct Trial: Sendable, CustomTestStringConvertible {
  /// The investigation's name.
  var name: String
  /// Values for parameters, in both cases.
  var given: [String: SQLValue] = [:]
  /// The captures of the case in which it fires: `1.pcap`, `2.pcap` and so on.
  var fires: [CaptureFile]
  /// Its rows there, as `Told` writes them.
  var rows: [String]
  /// For each row, the numbers of the packets that it cites.
  var evidence: [[Int64]]
  /// The captures of a case that is all but the same, in which it finds nothing.
  var nearMiss: [CaptureFile]
  /// What comes of a case whose one capture holds no packet.
  var whenEmpty = InvestigationResult.Outcome.nothingToLookAt

  var testDescription: String { name }

  /// Every trial; a test holds that each investigation has one.
  static let all = [
    arpTrials, captureTrials, dhcpTrials, dnsTrials, flowTrials, httpTrials, icmpTrials, ipTrials,
    loginTrials, ntpTrials, quicTrials, smbTrials, snmpTrials, tcpTrials, tlsTrials,
  ].flatMap { $0 }
}

extension CaseFolder {
  /// The case of those captures, opened for reading.
  func read(_ captures: [CaptureFile]) throws -> CaseReader {
    try ingest(
      captures.enumerated().map { index, capture in try write(capture, "\(index + 1).pcap") })
    return try read()
  }
}

@Suite("Each investigation fires where it should, and only there")
struct TrialTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  @Test("It fires", arguments: Trial.all)
  func fires(_ trial: Trial) throws {
    let told = try Told(trial.name, folder.read(trial.fires), given: trial.given)
    #expect(told.rows == trial.rows)
    #expect(told.evidence == trial.evidence)
    #expect(told.outcome == .found)
  }

  @Test("A near miss is no finding", arguments: Trial.all)
  func nearMiss(_ trial: Trial) throws {
    let told = try Told(trial.name, folder.read(trial.nearMiss), given: trial.given)
    #expect(told.rows.isEmpty && told.outcome == .nothingFound)
  }

  @Test("A case without packets holds nothing to look at", arguments: Trial.all)
  func empty(_ trial: Trial) throws {
    let told = try Told(trial.name, folder.read([CaptureFile()]), given: trial.given)
    #expect(told.rows.isEmpty && told.outcome == trial.whenEmpty)
  }
}
