import Testing

/// Wirecase and tshark read the same captures, and say the same of each packet; or it is written down
/// who is right, and why.
@Suite(
  "Beside tshark, packet by packet",
  .enabled(if: TShark.program != nil, "not tested: tshark is not installed"))
struct DifferentialTests {
  @Test("Each field agrees in so many of its values")
  func agreement() async throws {
    let compared = try await Corpus.compared.value
    print(
      """

      Wirecase beside tshark \(TShark.version), \(compared.captures.count) captures

      \(compared.table)

      """)
    if let missing = Corpus.missing { print(missing) }
    for agreement in compared.agreements {
      // What no capture has, nothing was compared of.
      if agreement.compared == 0 {
        #expect(Corpus.missing != nil, "\(agreement.field): no capture has a value")
        continue
      }
      #expect(
        agreement.percent >= agreement.least, "\(agreement.field): below \(agreement.least) %")
    }
  }

  @Test("Each disagreement is listed in disagreements.tsv")
  func listed() async throws {
    let compared = try await Corpus.compared.value
    let claims = Set(try ListedDisagreement.all().flatMap(\.claims))
    let unlisted = compared.disagreements.filter {
      ListedDisagreement.Claim.listing($0).allSatisfy { !claims.contains($0) }
    }
    for (place, found) in Dictionary(grouping: unlisted, by: { [$0.capture, $0.field] })
      .sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
    {
      let packets = ListedDisagreement.ranges(found.map(\.packet))
      let first = found[0]
      Issue.record(
        """
        not listed: \(place[0]), packets \(packets), \(place[1]): of packet \(first.packet), \
        Wirecase says \(first.wirecase ?? "nothing"), tshark \(first.tshark ?? "nothing")\(otherVersion)
        """)
    }
  }

  @Test("Each listed disagreement still occurs")
  func occurring() async throws {
    let compared = try await Corpus.compared.value
    let found = Set(compared.disagreements.flatMap(ListedDisagreement.Claim.listing))
    for listed in try ListedDisagreement.all() {
      if Corpus.missing != nil, !compared.captures.contains(listed.capture) { continue }
      let gone = listed.claims.filter { !found.contains($0) }
      for (field, claims) in Dictionary(grouping: gone, by: \.field).sorted(by: { $0.key < $1.key })
      {
        let packets = ListedDisagreement.ranges(claims.map(\.packet))
        Issue.record(
          """
          disagreements.tsv, line \(listed.line): they agree on \(field) of packets \(packets) in \
          \(listed.capture): take that out of the list\(otherVersion)
          """)
      }
    }
  }

  private var otherVersion: String {
    TShark.version == TShark.listed
      ? "" : "; this is tshark \(TShark.version), the list is for \(TShark.listed)"
  }
}
