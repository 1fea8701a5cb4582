/// An incident report: everything that it says, as data. Renderers print it and add no sentence.
///
/// Texts from captures are harmless (see `TabularOutput.harmless`), not escaped: that is a
/// renderer's work. The same case and options give an equal report.
public struct Report: Encodable, Equatable, Sendable {
  public var title: String
  public var verdict: Verdict
  /// Who reports what: only what was given, and what the captures span.
  public var header: [Field]
  /// Two to five sentences that a manager reads.
  public var summary: [String]
  /// The services that failed, the worst first.
  public var services: [AffectedService]
  /// How many further services failed that `services` leaves out.
  public var furtherServices: Int
  /// What became of the worst of them, in the order of time; `nil` when nothing failed.
  public var timeline: Timeline?
  public var analysis: [Statement]
  /// Explanations of the worst failure, the likeliest first.
  public var causes: [Cause]
  /// What the evidence decides between the causes, and what it cannot.
  public var conclusion: [String]
  public var nextSteps: [Step]
  /// What the investigations reported, the most severe first.
  public var findings: [FindingGroup]
  public var evidence: [Exhibit]
  /// What analysts wrote, in the order of writing; each says where it belongs.
  public var notes: [Note]
  /// What addresses of this report are called, by address.
  public var hosts: [HostName] = []
  public var captures: [CaptureEntry]
  /// What the captures cannot tell.
  public var limits: [String]
  public var method: Method
  /// What a rendering that can draw shows beside the sentences.
  public var pictures: Pictures
  /// By which a report in JSON is known for one.
  public let documentType = Self.documentType

  /// What the report comes to.
  public enum Verdict: String, Encodable, Sendable {
    /// A service failed for a while, question after question.
    case outage
    /// Questions failed, among others that were answered.
    case failures
    /// There were services to look at, and none failed.
    case noOutage = "no-outage"
    /// The captures show nothing that could have failed.
    case nothingToLookAt = "nothing-to-look-at"
  }

  /// A line of the header.
  public struct Field: Encodable, Equatable, Sendable {
    public var name: String
    public var value: String
  }

  /// A time of a capture.
  public struct Moment: Encodable, Equatable, Sendable {
    /// Counted as the capture's time basis says: since 1970, midnight or the first packet.
    public var nanoseconds: Int64
    /// The time as the report prints it.
    public var text: String
  }

  /// A packet that a statement rests on.
  public struct Citation: Encodable, Equatable, Sendable {
    /// `capture_id << 32 | number`.
    public var packetID: Int64
    /// The capture's name.
    public var capture: String
    /// The packet's number in it, from 1.
    public var number: Int64
  }

  /// A sentence, and the packets that it follows from.
  public struct Statement: Encodable, Equatable, Sendable {
    public var text: String
    public var packets: [Citation]
  }

  /// A service that failed, with counts of what it was asked.
  public struct AffectedService: Encodable, Equatable, Sendable {
    /// Such as `DNS over UDP, port 53`.
    public var service: String
    public var address: String
    /// What the address is called; `nil` where nobody says.
    public var host: String?
    /// IANA protocol number.
    public var ipProtocol: Int64
    public var port: Int64
    /// What is counted: `questions`, `requests`, `connection attempts` or `quoted requests`.
    public var counted: String
    /// All that the captures show, those of unknown fate left out.
    public var asked: Int
    public var failed: Int
    public var refused: Int
    public var silent: Int
    /// Answered after the time-out.
    public var late: Int
    public var answered: Int
    /// Of unknown fate: not counted in `asked`.
    public var undecided: Int
    /// Distinct clients with a failure.
    public var clients: Int
    public var first: Moment?
    public var last: Moment?
    /// How it failed, in words.
    public var how: String
  }

  /// What became of the questions to one service.
  public struct Timeline: Encodable, Equatable, Sendable {
    public var service: String
    /// What the rows are: phases, or equal parts of the time where phases would be too many.
    public var explanation: String
    public var phases: [Phase]
    /// Numbers of the notes on a time.
    public var notes: [Int64] = []
  }

  /// Questions in a row that met the same fate.
  public struct Phase: Encodable, Equatable, Sendable {
    public var text: String
    public var first: Moment?
    public var last: Moment?
    public var questions: Int
    public var clients: Int
    public var packets: [Citation]
  }

  /// An explanation, with what the case holds for and against it.
  public struct Cause: Encodable, Equatable, Sendable {
    public var statement: String
    public var weight: Weight
    /// Failures that it would explain.
    public var explained: Int
    /// Why that weight, by counts.
    public var reason: String
    public var evidenceFor: [Statement]
    public var evidenceAgainst: [Statement]

    /// How well the evidence fits.
    public enum Weight: String, Encodable, Comparable, Sendable {
      case likely, possible, unlikely

      public static func < (left: Weight, right: Weight) -> Bool { left.rank < right.rank }

      private var rank: Int {
        switch self {
        case .likely: 0
        case .possible: 1
        case .unlikely: 2
        }
      }
    }
  }

  /// Something to do.
  public struct Step: Encodable, Equatable, Sendable {
    public var text: String
    /// A command to type; `nil` when there is none.
    public var command: String?
  }

  /// What one investigation reported.
  public struct FindingGroup: Encodable, Equatable, Sendable {
    public var investigation: String
    public var title: String
    public var severity: String
    public var count: Int
    /// The first of them.
    public var shown: [FindingLine]
    /// When a row is no incident.
    public var benign: String
  }

  /// A finding in a line.
  public struct FindingLine: Encodable, Equatable, Sendable {
    public var summary: String
    public var first: Moment?
    public var last: Moment?
    /// The first packets that it cites.
    public var evidence: [Exhibit]
    /// Numbers of the notes on it.
    public var notes: [Int64] = []
  }

  /// A packet as tcpdump would print it.
  public struct Exhibit: Encodable, Equatable, Sendable {
    /// What it stands for, such as `first failed question`.
    public var caption: String
    public var packet: Citation
    public var line: String
    /// Numbers of the notes on it, or on its flow.
    public var notes: [Int64] = []
  }

  /// What a timeline shows: a phase, or between two of them what an analyst wrote on a time.
  enum TimelineEntry {
    case phase(Phase)
    case note(words: String, at: Moment)
  }

  /// Phases, and notes on times at their places between them.
  func entries(of timeline: Timeline) -> [TimelineEntry] {
    var entries = timeline.phases.map {
      (time: $0.first?.nanoseconds, entry: TimelineEntry.phase($0))
    }
    for number in timeline.notes {
      guard let note = note(number), let at = note.at else { continue }
      let place = entries.firstIndex { ($0.time ?? .min) > at.nanoseconds } ?? entries.endIndex
      let words = "note of \(note.who): \(note.text)"
      entries.insert((at.nanoseconds, .note(words: words, at: at)), at: place)
    }
    return entries.map(\.entry)
  }

  /// The note of that number.
  func note(_ number: Int64) -> Note? { notes.first { $0.number == number } }

  /// What an analyst wrote.
  public struct Note: Encodable, Equatable, Sendable {
    /// As the view `notes` counts.
    public var number: Int64
    /// Where it is told; `rest` beside nothing else.
    public var place: Place = .rest
    /// When, RFC 3339 in UTC.
    public var time: String
    public var who: String
    /// Such as `packet 65 of client1.pcap`; `nil` for the whole case.
    public var subject: String?
    /// The time that it is about.
    public var at: Moment?
    public var text: String

    public enum Place: String, Encodable, Sendable {
      case evidence, finding, timeline, rest
    }
  }

  /// What an address is called.
  public struct HostName: Encodable, Equatable, Sendable {
    public var address: String
    /// Such as `ns1.example.net, the expected resolver, office Berlin`.
    public var words: String
  }

  /// A capture of the case.
  public struct CaptureEntry: Encodable, Equatable, Sendable {
    public var captureID: Int64
    public var name: String
    public var format: String
    public var packets: Int64
    public var first: Moment?
    public var last: Moment?
    /// Whether its times are known to the day.
    public var isDated: Bool
    public var isComplete: Bool
    public var faults: Int64
    public var sha256: String
  }

  /// How the report came about.
  public struct Method: Encodable, Equatable, Sendable {
    /// The Wirecase that wrote the report.
    public var programVersion: String
    /// Sentences on the part of the case that was looked at, and on how failures are counted.
    public var notes: [String]
    public var investigations: [Run]
  }

  /// An investigation that was run.
  public struct Run: Encodable, Equatable, Sendable {
    public var investigation: String
    /// `name=value`, in the order of names.
    public var parameters: [String]
    /// `found`, `nothing found` or `nothing to look at`.
    public var outcome: String
    public var findings: Int
  }
}
