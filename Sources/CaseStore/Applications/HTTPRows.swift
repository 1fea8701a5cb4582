import PacketDecoding

extension HTTPMessage: ApplicationRow {
  static let table = "fact_http_message"
  static let columns = 18

  func add(to row: inout ApplicationColumns) {
    row.add(isResponse)
    row.add(method)
    row.add(host)
    row.add(target)
    row.add(version)
    row.add(status)
    row.add(reason)
    row.add(userAgent)
    row.add(referer)
    row.add(contentType)
    row.add(contentLength)
    row.add(server)
    row.add(location)
    row.add(forwardedFor)
    row.add(authorizationScheme)
    row.add(request)
    row.add(responseTime)
  }
}
