import PacketDecoding

extension SessionLine: ApplicationRow {
  static let table = "fact_session_line"
  static let columns = 6

  func add(to row: inout ApplicationColumns) {
    row.add(protocolName.rawValue)
    row.add(isResponse)
    row.add(command)
    row.add(argument)
    row.add(status)
    row.add(text)
  }
}

extension LoginAttempt: ApplicationRow {
  static let table = "fact_login"
  static let columns = 4

  func add(to row: inout ApplicationColumns) {
    row.add(protocolName.rawValue)
    row.add(user)
    row.add(mechanism)
    row.add(isInClear)
  }
}

extension LoginResult: ApplicationRow {
  static let table = "fact_login_result"
  static let columns = 3

  func add(to row: inout ApplicationColumns) {
    row.add(attempt)
    row.add(isSuccess)
  }
}
