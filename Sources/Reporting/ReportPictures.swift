// What the pictures of a report show, as numbers: a renderer that draws adds shapes alone. Every
// series is bounded, however large the case is.

extension Report {
  /// The pictures of a report, and the numbers that stand first in it.
  public struct Pictures: Encodable, Equatable, Sendable {
    /// What a reader sees before all else, such as how many failed.
    public var keyFigures: [KeyFigure] = []
    /// What became of the questions to each server; `nil` when none has a time.
    public var servers: ServersOverTime?
    /// Who asked the worst service, or when none failed the one that was asked most.
    public var conversations: Conversations?
    /// How long its answers and refusals took; `nil` when there were none.
    public var delays: Delays?
    /// What the captures cover, one for each clock.
    public var coverage: [Coverage] = []
  }

  /// A number and what it counts.
  public struct KeyFigure: Encodable, Equatable, Sendable {
    /// Such as `28 of 28`.
    public var value: String
    /// Such as `questions failed`.
    public var label: String
  }

  /// Questions by what became of them.
  public struct Fates: Encodable, Equatable, Sendable {
    public var answered = 0
    /// Answered after the time-out.
    public var late = 0
    public var refused = 0
    public var silent = 0
    /// The captures cannot show it.
    public var unknown = 0

    /// Those of unknown fate left out, as everywhere in a report.
    var asked: Int { answered + failed }
    var failed: Int { late + refused + silent }
    var all: Int { asked + unknown }
  }

  /// Equal parts of a length of time, which bars stand for.
  public struct TimeAxis: Encodable, Equatable, Sendable {
    /// The left end, in nanoseconds as the clock of the captures counts.
    public var start: Int64
    /// Nanoseconds of one part.
    public var width: Int64
    /// At most 120.
    public var parts: Int
    public var ticks: [Tick]
    /// How long a part is, and how the times are meant.
    public var explanation: String

    /// A mark of the axis.
    public struct Tick: Encodable, Equatable, Sendable {
      public var nanoseconds: Int64
      /// The time, as short as the distance of ticks allows.
      public var text: String
    }
  }

  /// What became of the questions to several servers, part of the time by part.
  public struct ServersOverTime: Encodable, Equatable, Sendable {
    public var title: String
    public var explanation: String
    public var axis: TimeAxis
    /// Those that failed first, the worst first; then those that were asked most.
    public var rows: [Row]

    /// A server.
    public struct Row: Encodable, Equatable, Sendable {
      /// Such as `DNS over UDP, port 53`.
      public var service: String
      public var address: String
      public var total: Fates
      /// Parts in which something was asked, in the order of time.
      public var parts: [Part]
      /// When it failed first, if it did.
      public var onset: Moment?
      /// The end of the last failure.
      public var lastFailure: Moment?
      /// When it answered again after an outage.
      public var recovery: Moment?
    }

    /// What was asked in one part of the time, by the time of asking.
    public struct Part: Encodable, Equatable, Sendable {
      /// From 0.
      public var index: Int
      public var fates: Fates
    }
  }

  /// Who asked one service, and who refused.
  public struct Conversations: Encodable, Equatable, Sendable {
    public var title: String
    public var explanation: String
    /// Such as `DNS over UDP, port 53`.
    public var service: String
    public var address: String
    /// Those with most failures first.
    public var clients: [Client]
    /// How many further clients `clients` leaves out.
    public var furtherClients: Int
    /// What became of their questions.
    public var ofFurtherClients: Fates
    /// Senders of refusals, those with most first.
    public var refusers: [Refuser]

    /// Who asked.
    public struct Client: Encodable, Equatable, Sendable {
      public var address: String
      public var fates: Fates
    }

    /// Who sent refusals.
    public struct Refuser: Encodable, Equatable, Sendable {
      public var address: String
      /// Whether that is the address that was asked.
      public var isServer: Bool
      /// Such as `ICMP port unreachable (type 3, code 3)`.
      public var words: String
      public var refusals: Int
    }
  }

  /// How long answers and refusals of one service took.
  public struct Delays: Encodable, Equatable, Sendable {
    public var title: String
    public var explanation: String
    /// Six to each power of ten, as steps of resistors (IEC 60063, E6).
    public var parts: [Part]

    /// Delays from one length to another.
    public struct Part: Encodable, Equatable, Sendable {
      /// Nanoseconds, inclusive.
      public var from: Int64
      /// Nanoseconds, exclusive.
      public var to: Int64
      public var answered: Int
      /// Answered after the time-out.
      public var late: Int
      public var refused: Int
    }
  }

  /// What captures of one clock cover.
  public struct Coverage: Encodable, Equatable, Sendable {
    public var title: String
    public var explanation: String
    public var axis: TimeAxis
    public var rows: [Row]
    /// The failure that the report is about, by the same clock.
    public var failureStart: Moment?
    public var failureEnd: Moment?

    /// A capture.
    public struct Row: Encodable, Equatable, Sendable {
      public var name: String
      public var packets: Int
      /// Parts with packets, in the order of time.
      public var parts: [Part]
    }

    /// The packets of one part of the time.
    public struct Part: Encodable, Equatable, Sendable {
      /// From 0.
      public var index: Int
      public var packets: Int
    }
  }
}
