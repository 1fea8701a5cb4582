import Foundation

/// What a user says of a report.
public struct ReportOptions: Sendable {
  /// `nil` for one that names what failed.
  public var title: String?
  public var analyst: String?
  public var organisation: String?
  /// What users complained about, in their words.
  public var complaint: String?
  /// When they did, as written.
  public var reportedAt: String?
  /// What addresses are called.
  public var hosts = KnownHosts()
  /// Times since 1970 are printed in it; bare clocks are printed as they are.
  public var timeZone = TimeZone.gmt
  /// The part of the case that was asked for, such as `since 2026-11-24T13:00:00Z`; empty for all.
  public var scope: [String] = []
  /// Whether pictures, and the packets of findings, are gathered. Markdown shows neither.
  public var hasPictures = true
  /// Named in the report.
  public var programVersion: String

  public init(programVersion: String) {
    self.programVersion = programVersion
  }

  /// Takes over what an incident file says.
  public mutating func describe(_ file: IncidentFile) {
    title = file.title
    analyst = file.analyst
    organisation = file.organisation
    complaint = file.complaint
    reportedAt = file.reportedAt
    hosts = file.hosts
  }
}
