import CaseFixtures

extension Trial {
  /// `Queries/http`.
  static let httpTrials = [errorRates, slowAnswers]

  private static let errorRates = Trial(
    name: "http-error-rates",
    fires: [answered([503, 503, 503, 503, 503, 404, 404, 404, 404, 404])],
    rows: [
      "198.51.100.80|80|www.example.com|10|5|0.5|5|0.5|404|503|1|/0|0|10|9010"
    ],
    evidence: [[2, 4, 6, 8, 10, 12, 14, 16, 18, 20]],
    nearMiss: [answered([503, 503, 503, 503, 404, 404, 404, 404, 401, 407])])

  /// Requests of client A, one a second, and their answers 10 ms later.
  private static func answered(_ statuses: [Int]) -> CaptureFile {
    var connections = TextConnections(port: 80)
    for (index, status) in statuses.enumerated() {
      exchange(Int64(index) * 1000, wait: 10, "/\(index)", "\(status) X", &connections)
    }
    return connections.capture
  }

  private static let slowAnswers = Trial(
    name: "http-slow-answers", fires: [waits([1000, 2000, 3000])],
    rows: ["198.51.100.80|80|3|3|1.0|2000.0|3000.0|www.example.com|/2|1|0|1000|13000"],
    evidence: [[1, 2, 3, 4, 5, 6]], nearMiss: [waits([999, 2000, 3000])])

  /// Requests of client A, one in 5 s, that are answered after so many milliseconds.
  private static func waits(_ waits: [Int64]) -> CaptureFile {
    var connections = TextConnections(port: 80)
    for (index, wait) in waits.enumerated() {
      exchange(Int64(index) * 5000, wait: wait, "/\(index)", "200 OK", &connections)
    }
    return connections.capture
  }

  private static func exchange(
    _ time: Int64, wait: Int64, _ target: String, _ status: String,
    _ connections: inout TextConnections
  ) {
    let client = Incident.a
    connections.ask(time, client, "GET \(target) HTTP/1.1\r\nHost: www.example.com\r\n\r\n")
    connections.answer(time + wait, client, "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")
  }
}
