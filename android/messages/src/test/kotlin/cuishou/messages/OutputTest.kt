package cuishou.messages

import cuishou.scorer.Json
import cuishou.scorer.Reason
import cuishou.scorer.Span
import cuishou.scorer.Tagging
import java.io.ByteArrayOutputStream
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

class OutputTest {
    private val codebook = book()
    private val tags = listOf("other", "pressure", "unlawful")

    private fun tagging(tag: String, probability: Double = 0.9, needsReview: Boolean = false, spans: List<Span> = emptyList(), new: Double = 0.7) =
        Tagging(tag, mapOf(tag to probability), listOf(Reason("INSULT", 0.8), Reason("NEW", new)), spans, needsReview)

    private fun csv(finding: Finding, language: String): String =
        ByteArrayOutputStream().also { Csv.write(listOf(finding), codebook, language, it) }.toString("UTF-8")

    @Test
    fun `a row for people`() {
        val message = Message("😀老赖,\"还钱\"", "106", receivedAt = Moment.of("1700000000123"), contact = "李四", source = "a.xml", record = 7)
        val spans = listOf(Span(1, 3, "unlawful", 0.9), Span(1, 3, "INSULT", 0.9))
        val finding = Finding(message, tagging("unlawful", 0.125, true, spans), 17)
        val (head, row, end) = csv(finding, "zh").split("\r\n")
        assertTrue(head.startsWith("\ufeff编号,来源,序号,方向,"))
        assertEquals("17,a.xml,7,收,2023-11-15 06:13:20,106,李四,,疑似违法,0.12,是,辱骂、侮辱；NEW,老赖,\"😀老赖,\"\"还钱\"\"\"", row)
        assertEquals("", end)
        assertTrue(csv(finding.marked(true), "zh").contains(",李四,是,疑似违法,"))
        assertTrue(csv(finding.marked(true), "en").contains(",李四,yes,possibly unlawful,"))
        assertTrue(Jsonl.line(finding.marked(true)).contains("\"number\": 17, \"familiar\": true, "))
        assertTrue(csv(finding, "en").contains(",in,2023-11-15 06:13:20,106,李四,,possibly unlawful,0.12,yes,insult; NEW,老赖,"))
    }

    @Test
    fun `a reason less likely than not is called possible`() {
        fun reasons(new: Double, language: String) =
            csv(Finding(Message("老赖", source = "a", record = 1), tagging("unlawful", new = new)), language).lines()[1].split(",")[11]
        assertEquals("辱骂、侮辱；NEW", reasons(0.5, "zh"))
        assertEquals("辱骂、侮辱；也可能：NEW", reasons(0.49, "zh"))
        assertEquals("insult; possibly also: NEW", reasons(0.49, "en"))
    }

    @Test
    fun `what the owner wrote has no tag`() {
        val finding = Finding(Message("好", direction = Direction.OUT, source = "a", record = 1), null, 2)
        assertTrue(csv(finding, "zh").endsWith("2,a,1,发,,,,,,,,,,好\r\n"))
        assertEquals(null, (Json.parse(Jsonl.line(finding)) as Map<*, *>)["tag"])
    }

    @ParameterizedTest
    @ValueSource(strings = ["=1+1", "+86138", "-1", "@a", "\t=1", " =1", "　＝1", "＋1", "\ufeff=1", "\r1"])
    fun `no cell runs as a formula`(text: String) = assertTrue(Csv.cell(text).startsWith("'"), Csv.cell(text))

    @Test
    fun `what cannot stand in a cell is replaced`() {
        assertEquals("a\ufffdb\ufffd😀", Csv.cell("a\u0000b\ud83d😀"))
        assertEquals("1+1", Csv.cell("1+1"))
    }

    @Test
    fun `a line for programs is JSON and keeps every character`() {
        val body = "\"\\\n\r\t\u0001还😀\ud83d</script>"
        val line = Jsonl.line(Finding(Message(body, source = "a\"b", record = 3), tagging("unlawful", 9e-6)))
        val record = Json.parse(line) as Map<*, *>
        assertEquals(body, record["body"])
        assertEquals(
            listOf(
                "source", "record", "direction", "address", "contact", "sim", "received_at", "sent_at", "body", "number", "familiar",
                "tag", "probabilities", "reasons", "spans", "needs_review",
            ),
            record.keys.toList(),
        )
        assertEquals(9e-6, (record["probabilities"] as Map<*, *>)["unlawful"])
        assertTrue("\\ud83d" in line && "😀" in line && '\n' !in line)
    }

    @Test
    fun `gravest, sure, surest and latest comes first`() {
        fun finding(name: String, tagging: Tagging?, at: String = "0") = Finding(Message(name, receivedAt = Moment.of(at)), tagging)
        val findings = listOf(
            finding("own", null),
            finding("other", tagging("other")),
            finding("unsure", tagging("unlawful", 0.95, needsReview = true)),
            finding("less", tagging("unlawful", 0.9), "1700000000001"),
            finding("older", tagging("unlawful", 0.96), "1600000000001"),
            finding("pressure", tagging("pressure", 0.99)),
            finding("newer", tagging("unlawful", 0.96), "1700000000001"),
        )
        assertEquals(
            listOf("newer", "older", "less", "unsure", "pressure", "other", "own"),
            findings.sortedWith(byGravity(tags)).map { it.message.body },
        )
    }
}
