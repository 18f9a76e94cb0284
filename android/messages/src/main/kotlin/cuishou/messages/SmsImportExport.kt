package cuishou.messages

import cuishou.scorer.Json
import cuishou.scorer.JsonException
import java.io.IOException
import java.io.InputStream
import java.nio.charset.StandardCharsets
import java.util.zip.ZipInputStream

private const val CUT_OFF = "the file ends in the middle: it was cut off"

/** SMS Import / Export (sms-ie) since 2.0: a ZIP with `messages.ndjson`, a JSON object a line, SMS first, then MMS. */
object SmsImportExport : Format {
    override val name = "SMS Import / Export ZIP"

    private const val ENTRY = "messages.ndjson"

    /** A ZIP whose first entry lies in such an export: binaries in `data/` may come before the messages. */
    override fun sniff(head: ByteArray): Boolean {
        if (head.size < 30 || !(head[0] == 'P'.code.toByte() && head[1] == 'K'.code.toByte() && head[2].toInt() == 3)) return false
        val length = (head[26].toInt() and 0xff) or (head[27].toInt() and 0xff shl 8)
        val first = String(head, 30, minOf(length, head.size - 30), StandardCharsets.UTF_8)
        return first == ENTRY || first.startsWith("data/")
    }

    override fun read(input: InputStream, report: ImportReport): Sequence<Message> = sequence {
        val zip = ZipInputStream(input)
        try {
            var entry = zip.nextEntry
            while (entry != null && entry.name != ENTRY) entry = zip.nextEntry
            if (entry == null) {
                throw UnreadableBackup(UnreadableBackup.Kind.UNKNOWN, report.source, "${report.source} is a ZIP without $ENTRY: no message is in it")
            }
            yieldAll(lines(Text(zip, StandardCharsets.UTF_8, report), report))
        } catch (error: IOException) { // a damaged or cut archive; what came before it has been handed on
            report.lost += Loss(0, "the archive is damaged: ${error.message ?: CUT_OFF}")
        }
    }

    private fun lines(text: Text, report: ImportReport): Sequence<Message> = sequence {
        var record = 0
        while (true) {
            val offset = text.offset
            val line = line(text) ?: break
            if (line.isBlank()) continue
            try {
                val row = Json.parse(line) as? Map<*, *> ?: continue
                record++
                if ("date" in row) yield(row(row, report, record))
            } catch (error: JsonException) {
                report.lost += Loss(offset, error.message.orEmpty())
            }
        }
    }

    private fun line(text: Text): String? {
        val line = StringBuilder()
        while (true) {
            val code = text.read()
            if (code < 0) return if (line.isEmpty()) null else line.toString()
            if (code == '\n'.code) return line.toString()
            line.append(code.toChar())
        }
    }
}

/** SMS Import / Export (sms-ie) 1.x: one JSON array, binaries inline. */
object SmsImportExportJson : Format {
    override val name = "SMS Import / Export JSON"

    private val ARRAY = Regex("""^\s*\[\s*\{""")
    private val ID = Regex(""""_id"\s*:""")
    private val DATE = Regex(""""date"\s*:""")

    /** Android's own column names in an array of objects. */
    override fun sniff(head: ByteArray): Boolean {
        val text = String(head, StandardCharsets.UTF_8).removePrefix("\ufeff")
        return ARRAY.containsMatchIn(text) && ID.containsMatchIn(text) && DATE.containsMatchIn(text)
    }

    override fun read(input: InputStream, report: ImportReport): Sequence<Message> = sequence {
        val text = Text(input, StandardCharsets.UTF_8, report)
        val rows = Json(text).elements().iterator()
        var record = 0
        try {
            while (rows.hasNext()) {
                val row = rows.next() as? Map<*, *> ?: continue
                record++
                if ("date" in row) yield(row(row, report, record))
            }
        } catch (error: JsonException) {
            report.lost += Loss(text.offset, error.message.orEmpty())
        }
    }
}

/**
 * A row of either version: Android's own columns, and beside them keys of the app, which begin with `__` in version 2. Values are
 * texts, in some versions also numbers; a missing one is left out, so a body `null` is a text. [record] counts the objects.
 */
private fun row(row: Map<*, *>, report: ImportReport, record: Int): Message {
    fun of(map: Map<*, *>, key: String): String? = map[key]?.takeIf { it is String || it is Number }?.toString()?.ifEmpty { null }
    fun own(map: Map<*, *>, key: String): Any? = map["__$key"] ?: map[key]
    fun maps(value: Any?): List<Map<*, *>> = (value as? List<*>).orEmpty().filterIsInstance<Map<*, *>>()

    val box = of(row, if ("type" in row) "type" else "msg_box") ?: ""
    val sender = own(row, "sender_address") as? Map<*, *>
    val recipient = maps(own(row, "recipient_addresses")).firstOrNull()
    val other = (if (Direction.of(box) == Direction.IN) sender else recipient).orEmpty()
    val texts = maps(own(row, "parts")).filter { of(it, "ct") == "text/plain" }.map { of(it, "text") }
    return messageOf(
        body = of(row, "body") ?: (listOf(of(row, "sub")) + texts).filterNotNull().joinToString("\n"),
        box = box,
        date = of(row, "date"),
        dateSent = of(row, "date_sent"),
        address = of(row, "address") ?: of(other, "address"),
        contact = (own(row, "display_name") ?: own(other, "display_name"))?.toString(),
        sim = of(row, "sub_id"),
        report = report,
        record = record,
    )
}
