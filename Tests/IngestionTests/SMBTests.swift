import CaseFixtures
import CaseStore
import Testing

/// Expected: tshark 4.0.17, -Y 'smb2.cmd in {0,1,2,3,5}' -T fields -e frame.number -e smb2.cmd
/// -e smb2.flags.response -e smb2.nt_status -e smb2.dialect -e smb2.tree -e smb2.filename
/// -e ntlmssp.auth.domain -e ntlmssp.auth.username -e ntlmssp.auth.hostname.
@Suite("SMB in captures by others", .besideCaptures("public"))
struct SMBTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private func rows(_ name: String, _ columns: String, where condition: String) throws -> [String] {
    try folder.ingest([try #require(Places.shared("public/" + name))])
    return try folder.read().lines(
      "SELECT packet_id % 4294967296, \(columns) FROM smb_messages WHERE \(condition)")
  }

  @Test("Messages, statuses, trees, files and users are tshark's")
  func files() throws {
    let name = "zeek-smb-smb2.delete-on-close-perms-delete-existing.pcap"
    let found = try rows(
      name, "command, status, dialect, tree, file_name, domain, user_name, workstation",
      where: "packet_id % 4294967296 IN (4, 6, 8, 10, 12, 14, 16, 18, 36, 38, 60, 62)")
    let user = "ZEEK-TEST|zeek|TINKYX390"
    #expect(
      found == [
        "4|NEGOTIATE||2.0.2, 2.1, 3.0, 3.0.2, 3.1.1|||||", "6|NEGOTIATE|0x00000000|3.1.1|||||",
        "8|SESSION_SETUP|||||||", "10|SESSION_SETUP|0xc0000016||||||",
        "12|SESSION_SETUP|||||\(user)", "14|SESSION_SETUP|0x00000000||||\(user)",
        #"16|TREE_CONNECT|||\\127.0.0.1\tmp||"# + user,
        #"18|TREE_CONNECT|0x00000000||\\127.0.0.1\tmp||"# + user,
        #"36|CREATE|||\\127.0.0.1\tmp|test_dir|"# + user,
        #"38|CREATE|0xc00000ba||\\127.0.0.1\tmp|test_dir|"# + user,
        #"60|CREATE|||\\127.0.0.1\tmp|test_dir\test_create.dat|"# + user,
        #"62|CREATE|0xc0000034||\\127.0.0.1\tmp|test_dir\test_create.dat|"# + user,
      ])
    let reader = try folder.read()
    #expect(try reader.value("SELECT COUNT(*) FROM smb_messages") == "26")
    #expect(
      try reader.lines(
        """
        SELECT status_name, request_packet_id % 4294967296 FROM smb_messages
        WHERE status_name LIKE '%OBJECT%'
        """) == ["STATUS_OBJECT_NAME_NOT_FOUND|60", "STATUS_OBJECT_NAME_NOT_FOUND|100"])
    #expect(try reader.value("SELECT COUNT(*) FROM packets WHERE protocol = 'smb2'") == "50")
    #expect(try reader.lines("SELECT * FROM faults").isEmpty)
  }

  @Test("A session that becomes encrypted is read up to there, and all of it is SMB")
  func encrypted() throws {
    let found = try rows(
      "zeek-smb-smb311.pcap", "command, session_id, requires_signing, user_name", where: "1")
    #expect(
      found == [
        "1|NEGOTIATE||0|", "2|NEGOTIATE||1|", "3|SESSION_SETUP||1|",
        "4|SESSION_SETUP|0x0000281cac000069||",
        "5|SESSION_SETUP|0x0000281cac000069|1|administrator",
        "6|SESSION_SETUP|0x0000281cac000069||administrator",
      ])
    let reader = try folder.read()
    #expect(try reader.value("SELECT COUNT(*) FROM packets WHERE protocol = 'smb2'") == "34")
  }
}
