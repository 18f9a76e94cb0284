package cuishou.messages

import java.io.BufferedInputStream
import java.io.InputStream

/**
 * SMS Backup & Restore (SyncTech): `sms-YYYYMMDDHHMMSS.xml`, root element `<smses>`.
 *
 * The exporter copies Android's message tables: a missing value is the text `null`, dates are milliseconds, direction is the box a
 * message lies in.
 */
object SmsBackupRestore : Format {
    override val name = "SMS Backup & Restore XML"

    private val COMMENT = Regex("<!--.*?-->", RegexOption.DOT_MATCHES_ALL)
    private val FIRST = Regex("<(?![?!])[^>]{0,40}")
    private val ROOT = Regex("""<smses[\s>/].*""", RegexOption.DOT_MATCHES_ALL)
    private const val HEAD = 256

    override fun sniff(head: ByteArray): Boolean {
        val text = String(head, Xml.encoding(head)).removePrefix("\ufeff")
        return FIRST.find(text.replace(COMMENT, ""))?.let { ROOT.matches(it.value + ">") } ?: false
    }

    override fun read(input: InputStream, report: ImportReport): Sequence<Message> = sequence {
        val buffered = BufferedInputStream(input)
        buffered.mark(HEAD)
        val head = ByteArray(HEAD)
        val size = buffered.read(head)
        buffered.reset()
        val found = SmsRecords(report)
        val xml = Xml(Text(buffered, Xml.encoding(head.copyOf(maxOf(size, 0))), report), report, found)
        try {
            while (xml.advance()) yieldAll(found.take())
        } catch (error: ForbiddenXml) {
            throw UnreadableBackup(UnreadableBackup.Kind.FORBIDDEN, report.source, "${report.source}: ${error.message}")
        }
    }
}

/** Collects the messages of `<sms>` and `<mms>` elements. */
private class SmsRecords(private val report: ImportReport) : Records {
    override val names = setOf("sms", "mms")

    private var found = ArrayList<Message>()
    private var mms: Map<String, String>? = null
    private val texts = ArrayList<String>()
    private var record = 0

    /** Hand over what was found since the last time. */
    fun take(): List<Message> = found.also { if (it.isNotEmpty()) found = ArrayList() }

    override fun start(name: String, attributes: Map<String, String>) {
        when (name) {
            "sms" -> add(attributes, present(attributes["body"]) ?: "", attributes["type"])
            "mms" -> {
                mms = attributes
                texts.clear()
            }
            "part" -> if (mms != null && attributes["ct"] == "text/plain") present(attributes["text"])?.let(texts::add)
            "smses" -> attributes["count"]?.takeIf { it.isNotEmpty() && it.all { digit -> digit in '0'..'9' } }?.let {
                report.declared = it.toLongOrNull()
            }
        }
    }

    override fun end(name: String) {
        val attributes = mms ?: return
        if (name != "mms") return
        add(attributes, (listOfNotNull(present(attributes["sub"])) + texts).joinToString("\n"), attributes["msg_box"])
        mms = null
    }

    override fun forget() {
        mms = null
        record++
    }

    private fun add(attributes: Map<String, String>, body: String, box: String?) {
        record++
        found += messageOf(
            body = body,
            box = box ?: "",
            date = attributes["date"],
            dateSent = attributes["date_sent"],
            address = attributes["address"],
            contact = attributes["contact_name"],
            sim = attributes["sub_id"],
            report = report,
            record = record,
        )
    }
}
