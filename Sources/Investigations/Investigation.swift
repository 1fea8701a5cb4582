import CaseStore

/// A canned question: one SQL file with a comment header.
public struct Investigation: Sendable {
  /// The file's name without `.sql`: how commands call it.
  public var name: String
  /// Where it comes from: `Queries/…` for shipped ones, else the file's path.
  public var origin: String
  /// Who put it there.
  public var source = Source.shipped
  /// Whether it takes the place of a shipped one of its name.
  public var replacesShipped = false
  public var title: String
  public var severity: Severity
  /// Why a row is that severe.
  public var severityReason: String
  /// What a row means, to the one who is called at night.
  public var meaning: String
  public var parameters: [Parameter]
  /// A query that yields a row when the case holds anything to look at.
  public var needs: String
  public var columns: [Column]
  /// A query that yields the `packet_id`s of one finding, its columns and the parameters bound by
  /// name.
  public var evidence: String
  public var references: [String]
  /// When a row is no incident.
  public var benign: String
  /// What it cannot tell.
  public var limits: String
  /// The statement behind the header.
  public var sql: String

  /// Who put an investigation where it is.
  public enum Source: Sendable {
    /// It came with the program.
    case shipped
    /// The user keeps it for every case.
    case userFolder
    /// A folder that was named.
    case namedFolder
  }

  /// A value that the user can set with `--param`.
  public struct Parameter: Equatable, Sendable {
    public var name: String
    public var type: ColumnType
    /// `-` for none.
    public var unit: String
    public var defaultValue: SQLValue
    public var what: String
  }

  /// A column of the result.
  public struct Column: Equatable, Sendable {
    public var name: String
    public var type: ColumnType
    /// `-` for none; `ns` columns that end in `_ts` are times.
    public var unit: String
    public var what: String
  }

  /// What a value is.
  public enum ColumnType: String, CaseIterable, Sendable {
    case integer, real, text
  }
}

extension Investigation {
  /// Reads a file.
  ///
  /// - Throws: `InvestigationError.malformed` with the first thing that is wrong in it.
  public init(name: String, origin: String, text: String) throws {
    let text = InvestigationText(text)
    if let fault = text.faults.first {
      throw InvestigationError.malformed(origin: origin, fault: fault)
    }
    (self.name, self.origin) = (name, origin)
    (severity, severityReason) = text.severity ?? (.info, "")
    title = text.value("title")
    meaning = text.value("meaning")
    parameters = text.parameters.map(\.value)
    needs = text.value("needs")
    columns = text.columns.map(\.value)
    evidence = text.value("evidence")
    references = text.fields.filter { $0.key == "reference" }.map(\.value.text)
    benign = text.value("benign")
    limits = text.value("limits")
    sql = text.sql.text.trimmed
  }
}

/// What is wrong with an investigation, or with how it was asked for. One line each.
public enum InvestigationError: Error, Equatable, CustomStringConvertible {
  case unknown(name: String, nearest: String?)
  case unknownParameter(investigation: String, name: String, known: [String])
  case wrongValue(investigation: String, parameter: String, value: String, type: String)
  case malformed(origin: String, fault: InvestigationFault)
  case failed(investigation: String, reason: String)
  case unreadable(path: String, reason: String)
  case unknownCapture(name: String)

  public var description: String {
    switch self {
    case .unknown(let name, let nearest):
      "unknown investigation '\(name)'"
        + NearestName.suggestion(nearest) + " 'wirecase investigations' lists them"
    case .unknownParameter(let investigation, let name, let known):
      "\(investigation) has no parameter '\(name)'; "
        + (known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))")
    case .wrongValue(let investigation, let parameter, let value, let type):
      "\(investigation): parameter \(parameter) takes \(type), not '\(value)'"
    case .malformed(let origin, let fault):
      "\(origin):\(fault)"
    case .failed(let investigation, let reason):
      "\(investigation): \(reason)"
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason); check the path"
    case .unknownCapture(let name):
      "the case holds no capture '\(name)'; 'wirecase captures' lists them"
    }
  }
}
