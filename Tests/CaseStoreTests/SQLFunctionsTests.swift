import CaseFixtures
import CaseStore
import Testing

/// Values come from IANA's registries, Python's ipaddress, numpy, RFCs and sums by hand, as said.
@Suite("Functions of ad hoc statements")
struct SQLFunctionsTests {
  let folder: CaseFolder
  let reader: CaseReader

  init() throws {
    folder = try CaseFolder()
    reader = try folder.read(CaptureFile())
    try reader.addFunctions { $0 == 7 ? "0000  07" : nil }
  }

  private func value(_ expression: String) throws -> SQLValue? {
    try reader.firstRow("SELECT " + expression)?.values.first
  }

  private func reason(_ expression: String) throws -> String? {
    do {
      _ = try value(expression)
      return nil
    } catch let fault as SQLFault {
      return fault.reason
    }
  }

  @Test(
    "ip_in: the ends of a network are in it, their neighbours are not",
    arguments: [
      // RFC 4632, section 3.1: 192.168.99.0/22 is a short form of no network; its bits are .96.0/22.
      ("192.168.96.0", "192.168.99.0/22", 1), ("192.168.99.255", "192.168.96.0/22", 1),
      ("192.168.100.0", "192.168.96.0/22", 0), ("192.168.95.255", "192.168.96.0/22", 0),
      ("0.0.0.0", "0.0.0.0/0", 1), ("10.0.0.1", "10.0.0.1", 1), ("10.0.0.2", "10.0.0.1/32", 0),
      // RFC 4291, section 2.3, and its other ways to write the address.
      ("2001:0DB8:0000:CD30:0000:0000:0000:0001", "2001:db8:0:cd30::/60", 1),
      ("2001:db8:0:cd3f:ffff:ffff:ffff:ffff", "2001:DB8::CD30:0:0:0:0/60", 1),
      ("2001:db8:0:cd40::", "2001:db8:0:cd30::/60", 0), ("::1", "::/0", 1),
      // IPv4 in IPv6, section 2.5.5.2.
      ("::ffff:192.0.2.9", "192.0.2.0/24", 1), ("192.0.2.9", "::ffff:192.0.2.0/120", 1),
      ("192.0.2.9", "::/0", 0), ("::ffff:192.0.2.9", "::/0", 1), ("2001:db8::1", "0.0.0.0/0", 0),
    ])
  func network(address: String, network: String, isIn: Int64) throws {
    #expect(try value("ip_in('\(address)', '\(network)')") == .integer(isIn))
  }

  @Test("ip_in: what is no address is in no network, and what is no network is an error")
  func noNetwork() throws {
    for text in [
      "", "a.example", "10.0.0", "010.0.0.1", "10.0.0.256", "fe80::1%eth0", ":::", "1::2::3",
    ] {
      #expect(try value("ip_in('\(text)', '0.0.0.0/0')") == .null, "\(text)")
    }
    #expect(try value("ip_in(NULL, '10.0.0.0/8')") == .null && value("ip_in('::', NULL)") == .null)
    for text in ["10.0.0.0/33", "10.0.0.0/", "10/8", "::/129", "::/0000", "10.0.0.0/-1", ""] {
      #expect(
        try reason("ip_in('10.0.0.1', '\(text)')")
          == "ip_in: '\(text)' is no network; write it as 192.0.2.0/24 or 2001:db8::/32")
    }
  }

  @Test("A network out of each row counts for its row alone")
  func networkOfEachRow() throws {
    #expect(
      try reader.lines(
        "SELECT ip_in('10.1.2.3', column1) FROM (VALUES ('10.0.0.0/8'), ('11.0.0.0/8'), ('10.1.0.0/16'))"
      )
        == ["1", "0", "1"])
  }

  /// First and last addresses of the entries of iana-ipv4-special-registry and
  /// iana-ipv6-special-registry that are not globally reachable.
  private static let notReachable = [
    "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
    "127.0.0.0", "127.255.255.255", "169.254.0.0", "169.254.255.255", "172.16.0.0",
    "172.31.255.255", "192.0.0.0", "192.0.0.8", "192.0.0.11", "192.0.0.170", "192.0.0.255",
    "192.0.2.0", "192.0.2.255", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255",
    "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "240.0.0.0",
    "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "64:ff9b:1::", "64:ff9b:1:ffff::1", "100::",
    "100::ffff:ffff:ffff:ffff", "100:0:0:1::1", "2001:1::", "2001:1::4", "2001:2::1", "2001:5::",
    "2001:1ff:ffff::", "2001:db8::", "2001:db8:ffff::1", "3fff::", "3fff:fff::1", "5f00::",
    "5f00:ffff::", "fc00::", "fdff:ffff::", "fe80::", "febf:ffff::",
  ]

  /// Their neighbours, and entries that are reachable inside of others.
  private static let reachable = [
    "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.0.9",
    "192.0.0.10", "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
    "198.20.0.0", "203.0.114.0", "224.0.0.1", "8.8.8.8", "::2", "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "100:0:0:2::1", "2001::1", "2001:1::1", "2001:1::2", "2001:1::3", "2001:3::1",
    "2001:4:112::1", "2001:10::1", "2001:20::1", "2001:30::1", "2001:200::", "2001:db9::",
    "2606:4700::1111", "3fff:1000::", "5f01::", "fbff::", "fe00::", "fec0::1", "ff02::1",
  ]

  @Test("ip_is_private: not globally reachable, by IANA's registries of special addresses")
  func isPrivate() throws {
    for address in Self.notReachable {
      #expect(try value("ip_is_private('\(address)')") == .integer(1), "\(address)")
    }
    for address in Self.reachable {
      #expect(try value("ip_is_private('\(address)')") == .integer(0), "\(address)")
    }
    #expect(try value("ip_is_private('router')") == .null && value("ip_is_private(NULL)") == .null)
  }

  @Test(
    "domain_parent: the last labels of a name",
    arguments: [
      ("www.example.co.uk", 2, "co.uk"), ("www.example.co.uk.", 3, "example.co.uk"),
      ("example", 2, "example"), ("a.b", 2, "a.b"), ("a.b", 9_223_372_036_854_775_807, "a.b"),
      (".", 1, "."), ("", 1, ""),
      // RFC 1035, section 5.1: a dot behind a backslash is part of a label.
      (#"john\.doe.example"#, 2, #"john\.doe.example"#), (#"a\\.b.example"#, 2, "b.example"),
    ])
  func parent(name: String, labels: Int, parent: String) throws {
    #expect(try value("domain_parent('\(name)', \(labels))") == .text(parent))
  }

  @Test("domain_parent takes a number of labels")
  func parentOfNothing() throws {
    #expect(
      try value("domain_parent(NULL, 1)") == .null && value("domain_parent('a', NULL)") == .null)
    for labels in ["0", "-1", "1.5", "'2'"] {
      #expect(
        try reason("domain_parent('a.b', \(labels))")
          == "domain_parent: takes a number of labels from 1")
    }
  }

  @Test("entropy: bits for each character, as Shannon has it")
  func entropy() throws {
    // By hand: equal shares of 2, 4, 6 are log2 of that.
    for (text, bits) in [("", 0), ("aaaa", 0), ("ab", 1), ("abcd", 2)] {
      #expect(try value("entropy('\(text)')") == .real(Double(bits)))
    }
    // A second implementation, in Python over collections.Counter.
    for (text, bits) in [
      ("google", 1.9182958340544893), ("mississippi", 1.823067982273661),
      ("x7f3q9z1k8", 3.321928094887362), ("bücher", 2.584962500721156),
    ] {
      guard case .real(let given)? = try value("entropy('\(text)')") else {
        Issue.record("no number")
        continue
      }
      #expect(abs(given - bits) < 1e-12, "\(text)")
    }
    #expect(try value("entropy(x'00ff00ff')") == .real(1) && value("entropy(NULL)") == .null)
  }

  @Test("time: nanoseconds as ISO 8601; anything but an integer is SQLite's own time")
  func time() throws {
    // date -u -d @1700000000
    #expect(try value("time(1700000000123456789)") == .text("2023-11-14T22:13:20.123456789Z"))
    #expect(try value("time('2024-02-29 12:34:56')") == .text("12:34:56"))
    #expect(try value("time('12:30', '+1 hour')") == .text("13:30:00"))
    #expect(try value("time(2460000.75)") == .text("06:00:00"), "a Julian day")
    #expect(try value("time(NULL)") == .null && value("time('nonsense')") == .null)
    let packets = try folder.write(CaseCreationTests.capture(), "b.pcap")
    try folder.ingest([packets], into: "b.case")
    let other = try folder.read("b.case")
    try other.addFunctions { _ in nil }
    #expect(try other.lines("SELECT count(*), sum(time(ts) = time) FROM packets") == ["1|1"])
    for edge in ["9223372036854775807", "-9223372036854775808"] {
      #expect(try value("typeof(time(\(edge)))") == .text("text"))
    }
  }

  @Test("percentile: between two values by their distance, as numpy.percentile has it")
  func percentile() throws {
    let values = "(VALUES (35), (15), (NULL), (50), (20), (40))"
    for (percent, expected) in [
      (0.0, 15.0), (5, 16), (30, 23), (40, 29), (50, 35), (95, 48), (100, 50),
    ] {
      #expect(
        try value("percentile(column1, \(percent)) FROM \(values)") == .real(expected), "\(percent)"
      )
    }
    #expect(
      try value("percentile(column1, 37.5) FROM (VALUES (1.5), (-2), (7.25), (3))") == .real(1.6875)
    )
    #expect(
      try reader.lines(
        "SELECT column1, percentile(column2, 50) FROM (VALUES ('a', 1), ('b', 5), ('a', 2), ('c', NULL)) "
          + "GROUP BY column1 ORDER BY column1") == ["a|1.5", "b|5.0", "c|"])
    #expect(try value("percentile(1, 50) WHERE 0") == .null)
    #expect(try value("percentile(column1, 50) FROM (VALUES (9e999), (9e999))") == .real(.infinity))
  }

  @Test("percentile says what it does not take")
  func percentileOfOther() throws {
    for percent in ["-1", "100.1", "'50'", "NULL"] {
      #expect(
        try reason("percentile(1, \(percent))") == "percentile: takes a percentage from 0 to 100")
    }
    #expect(
      try reason("percentile(1, column1) FROM (VALUES (1), (2))")
        == "percentile: takes one percentage for all rows of a group")
    #expect(
      try reason("percentile('12', 1)")
        == "percentile: takes numbers; of text, say CAST (… AS REAL)")
    #expect(try value("1") == .integer(1), "a statement that failed costs no other")
  }

  @Test("hexdump asks for the packet of that number")
  func hexdump() throws {
    #expect(try value("hexdump(7)") == .text("0000  07") && value("hexdump(8)") == .null)
    #expect(try value("hexdump(NULL)") == .null)
    #expect(
      try reason("hexdump('1:7')") == "hexdump: takes a packet_id, which is an integer")
  }
}
