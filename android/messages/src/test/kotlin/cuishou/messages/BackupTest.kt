package cuishou.messages

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

class BackupTest {
    private fun open(content: String) = Backup.open(content.byteInputStream(), "a.xml")

    private fun refused(content: String): UnreadableBackup = assertThrows(UnreadableBackup::class.java) { open(content).messages.toList() }

    @Test
    fun `what is no backup is refused with its kind`() {
        assertEquals(UnreadableBackup.Kind.EMPTY, refused("").kind)
        assertEquals(UnreadableBackup.Kind.ENCRYPTED, refused("SSEF\u0000\u0000\u0001").kind)
        listOf("{}", "[]", "<calls count='0'/>", "短信", "<!-- <smses> -->", "PK\u0003\u0004", "[{\"a\": 1}]").forEach {
            assertEquals(UnreadableBackup.Kind.UNKNOWN, refused(it).kind, it)
        }
    }

    @ParameterizedTest
    @ValueSource(strings = ["<!DOCTYPE smses>", "<!DOCTYPE smses [<!ENTITY a \"b\">]>", "<!DOCTYPE smses SYSTEM \"file:///etc/hostname\">"])
    fun `a document type is refused`(declaration: String) {
        val error = refused("$declaration<smses><sms body=\"&a;\"/></smses>")
        assertEquals(UnreadableBackup.Kind.FORBIDDEN, error.kind)
        assertTrue("a.xml" in error.message!! && "DOCTYPE" in error.message!!, error.message)
    }

    @Test
    fun `a document type in a text is text`() {
        assertEquals("<!DOCTYPE a>", open("<smses><sms body='&lt;!DOCTYPE a>'/></smses>").messages.single().body)
    }

    @Test
    fun `messages come before the file ends`() {
        val endless = generateSequence("<sms body=\"甲\"/>") { it }.take(100_000).joinToString("")
        val found = open("<smses>$endless").messages.take(3).toList()
        assertEquals(listOf("甲", "甲", "甲"), found.map { it.body })
    }

    @Test
    fun `media is passed over and not kept`() {
        val media = "QUJD".repeat(1_000_000)
        val (message) = open("<smses><mms msg_box='1'><part ct='image/png' data='$media'/><part ct='text/plain' text='乙'/></mms></smses>")
            .messages.toList()
        assertEquals("乙", message.body)
    }

    @Test
    fun `every cut of a file gives what stands before it`() {
        val whole = "<smses count='3'><sms body='甲&#55357;&#56832;' date='1'/><mms msg_box='1'><parts><part ct='text/plain' text='乙'/>" +
            "</parts></mms><sms body='丙'/></smses>"
        val expected = open(whole).messages.map { it.body }.toList()
        assertEquals(listOf("甲😀", "乙", "丙"), expected)
        for (cut in "<smses>".length + 10 until whole.length) {
            val backup = open(whole.take(cut))
            val found = backup.messages.map { it.body }.toList()
            assertEquals(expected.take(found.size), found, "cut at $cut")
            assertTrue(backup.report.missing >= 1, "cut at $cut")
        }
    }

    @Test
    fun `flipped characters raise nothing else`() {
        val whole = "<smses count='2'><sms body='甲&#55357;&#56832;' date='1'/><mms msg_box='1'><parts><part ct='text/plain' text='乙'/>" +
            "</parts></mms></smses>"
        val random = java.util.Random(7)
        repeat(3000) {
            val flipped = StringBuilder(whole)
            repeat(1 + random.nextInt(4)) { flipped[7 + random.nextInt(whole.length - 7)] = "<>\"'/=!&;#\u0000x "[random.nextInt(13)] }
            try {
                val backup = open(flipped.toString())
                assertEquals(backup.messages.count(), backup.report.read)
            } catch (error: UnreadableBackup) {
                assertTrue(error.kind == UnreadableBackup.Kind.FORBIDDEN || error.kind == UnreadableBackup.Kind.UNKNOWN)
            }
        }
    }

    @Test
    fun `missing is the worse of two counts`() {
        val lost = mutableListOf(Loss(0, "gone"))
        assertEquals(4, ImportReport("a", "b", declared = 9, read = 5, lost = lost).missing)
        assertEquals(1, ImportReport("a", "b", declared = null, read = 5, lost = lost).missing)
        assertEquals(0, ImportReport("a", "b", declared = 3, read = 5).missing)
    }
}
