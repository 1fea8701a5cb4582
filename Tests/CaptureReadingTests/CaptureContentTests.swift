import Foundation
import Testing

@testable import CaptureReading

@Suite("What a file is, by its content")
struct CaptureContentTests {
  @Test("A file that is no capture is called by its name")
  func otherFiles() throws {
    let cases: [([UInt8], String)] = [
      (Array("SQLite format 3\0".utf8), "a SQLite database"),
      ([0x7f, 0x45, 0x4c, 0x46, 2, 1], "an ELF program"),
      (Array("snoop\0\0\0".utf8), "a snoop capture"), (Array("PK\u{3}\u{4}".utf8), "a ZIP archive"),
      ([0xff, 0xfe, 0x32, 0], "UTF-16 text"), (Array("<html>".utf8), "HTML or XML text"),
      ([0, 1, 2, 3, 4], "binary data"), (Array("Dear all,\n".utf8), "text whose first lines"),
      ([UInt8](repeating: 65, count: 257) + Array("ustar".utf8), "a tar archive"), ([7], "text"),
    ]
    for (bytes, words) in cases {
      let error = try errorOfReading(bytes)
      #expect(error?.description.contains("it looks like \(words)") == true, "\(words)")
    }
  }

  @Test("A format that was asked for must be the one of the content, and text may be any text")
  func askedFormat() throws {
    guard
      case .otherFormat(_, .pcapng, .pcap)? = try errorOfReading(
        PcapFixture().bytes, format: .pcapng)
    else {
      Issue.record("a pcap file is read as pcapng")
      return
    }
    #expect(try errorOfReading(PcapFixture().bytes, format: .pcap) == nil)
    #expect(try errorOfReading(Array("Dear all,\n".utf8), format: .tcpdumpText) == nil)
    #expect(try errorOfReading([0, 1, 2, 3], format: .tcpdumpText) != nil)
  }

  // Lines as tcpdump 4.99 prints them, with the options named.
  @Test(
    "A line that tcpdump prints for a packet is known as such",
    arguments: [
      "20:35:23.929504 IP6 :: > ff02::16: HBH ICMP6, multicast listener report v2, length 108",
      "2026-11-23 20:35:23.929504 IP 10.0.0.1.5353 > 10.0.0.2.53: 1+ A? a.example. (27)",  // -tttt
      "1795466123.929504 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 1, length 64",  // -tt
      " 00:00:00.000012 IP 10.0.0.1 > 10.0.0.2: ICMP echo reply, id 1, seq 1, length 64",  // -ttt
      "IP 10.0.0.1 > 10.0.0.2: ICMP echo reply, id 1, seq 1, length 64",  // -t
      "    1  17:16:09.924505488 IP 131.155.215.69.46656 > 137.116.81.94.80: tcp 0",  // --number
      "20:35:23.9 was not it, but 20:35:23.929504 ARP, Request who-has 10.0.0.1 tell 10.0.0.2",
      "20:35:23.929504 ARP, Request who-has 10.0.0.1 tell 10.0.0.2, length 28",
      "20:35:23.929504 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto UDP (17), length 84)",
      "20:35:23.929504 16:47:eb:ab:aa:87 > 33:33:00:00:00:16, ethertype IPv6 (0x86dd), length 170",
      "20:35:23.929504 eth0  Out IP 10.0.0.1 > 10.0.0.2: ICMP echo reply, id 1, seq 1, length 64",
    ])
  func printedPackets(line: String) {
    let isPacket = !line.contains("was not it")
    #expect((PrintedPacketRecognition.judge(line) == .packet) == isPacket)
  }

  @Test("Other lines are messages, details, or something else")
  func otherLines() {
    for line in ["", "tcpdump: verbose output suppressed", "\t0x0000:  4500 0054", "$ tcpdump -n"] {
      #expect(PrintedPacketRecognition.judge(line) == .undecided, "\(line)")
    }
    for line in ["Nov 23 20:35:23 host sshd[1]: a > b", "# Captures > notes".dropFirst(2), "a,b,c"]
      as [any StringProtocol]
    {
      #expect(PrintedPacketRecognition.judge(String(line)) == .other, "\(line)")
    }
  }

  @Test(
    "Every printed capture beside the repository is known as one",
    .besideCaptures("lab", "tcpdump-text"))
  func sharedText() throws {
    for (name, ending) in [("lab", "txt"), ("tcpdump-text", "out")] {
      let folder = SharedCaptures.folder(name)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(ending) }
      #expect(!files.isEmpty)
      for file in files {
        let path = folder.appendingPathComponent(file).path
        #expect(try CaptureReader(location: .file(path: path)).format == .tcpdumpText, "\(file)")
      }
    }
  }
}

@Suite("Search for captures")
struct CaptureSearchTests {
  @Test("A folder gives its captures in order, told by content; the others are counted")
  func folder() throws {
    try withFolder { folder in
      let pcap = PcapFixture().bytes
      let files: [(String, [UInt8])] = [
        ("b.txt", pcap), ("a/z.bin", ByteSourceTests.gzip(pcap)), ("a/.hidden.pcap", pcap),
        ("a/notes.pcap", Array("nothing here\n".utf8)), ("a/empty.pcap", []),
        ("c.out", Array("20:35:23.929504 IP 10.0.0.1 > 10.0.0.2: ICMP\n".utf8)),
        ("B.pcapng", PcapFixture(magic: 0xa1b2_34cd).bytes), (".git/x.pcap", pcap),
      ]
      for sub in ["/a", "/.git"] {
        try FileManager.default.createDirectory(
          atPath: folder + sub, withIntermediateDirectories: true)
      }
      for (name, bytes) in files { try Octets.write(bytes, to: "\(folder)/\(name)") }
      // A loop, a second name of a file, and a link to nothing.
      symlink(folder, folder + "/a/loop")
      symlink("b.txt", folder + "/d.pcap")
      symlink("nowhere", folder + "/e.pcap")
      #expect(mkfifo(folder + "/f.pcap", 0o600) == 0)
      let search = captureLocations(for: [folder, "-", folder + "/none"])
      #expect(
        search.found == [
          .file(path: folder + "/B.pcapng"),
          // Named as captures are: their reader is to say that they are none.
          .file(path: folder + "/a/empty.pcap"), .file(path: folder + "/a/notes.pcap"),
          .file(path: folder + "/a/z.bin"),
          .file(path: folder + "/b.txt"), .file(path: folder + "/c.out"), .standardInput,
        ])
      #expect(search.failures == [.missing(name: folder + "/none")])
      #expect(search.passedOver == 2)
    }
  }

  @Test("A folder without a capture is a failure that counts what was passed over")
  func nothing() throws {
    try withFolder { folder in
      try Octets.write(Array("nothing here\n".utf8), to: folder + "/notes")
      let search = captureLocations(for: [folder])
      #expect(search.found.isEmpty)
      #expect(search.failures == [.folderWithoutCaptures(name: folder, passedOver: 1)])
    }
  }
}
