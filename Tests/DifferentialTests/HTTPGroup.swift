/// HTTP/1, by the packet that completes a message's head.
extension FieldGroup {
  static let httpGroups = [http]

  private static let http = FieldGroup(
    name: "http",
    fields: ["method", "host", "uri", "status", "user_agent", "content_type", "content_length"],
    least: leastOfApplications,
    sql: """
      SELECT packet_id & 4294967295, method, host, uri, status, user_agent, content_type, content_length
      FROM http_messages ORDER BY packet_id, position
      """
  ) { packet, _ in
    packet.messages("http").filter {
      $0["http.request.method"] != nil || $0["http.response.code"] != nil
    }.map { http in
      [
        "http.request.method", "http.host", "http.request.uri", "http.response.code",
        "http.user_agent", "http.content_type", "http.content_length_header",
      ].map { http[$0] }
    }
  }
}
