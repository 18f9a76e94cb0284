package cuishou.app

import android.content.ContentResolver
import android.database.Cursor
import android.provider.Telephony.Sms
import cuishou.messages.ImportReport
import cuishou.messages.Message
import cuishou.messages.messageOf

/** This phone's own messages. */
object Inbox {
    private val COLUMNS = arrayOf(Sms.BODY, Sms.TYPE, Sms.DATE, Sms.DATE_SENT, Sms.ADDRESS, Sms.SUBSCRIPTION_ID)

    /**
     * Give [use] the number of messages and the messages, newest first, as long as it runs; they are read as they are asked for.
     * Throws [SecurityException] without the permission READ_SMS.
     */
    fun <T> read(resolver: ContentResolver, report: ImportReport, use: (Int, Sequence<Message>) -> T): T {
        val cursor = resolver.query(Sms.CONTENT_URI, COLUMNS, null, null, "${Sms.DATE} DESC")
            ?: return use(0, emptySequence()) // a device without telephony
        return cursor.use { rows ->
            report.declared = rows.count.toLong()
            use(rows.count, messages(rows, report))
        }
    }

    private fun messages(rows: Cursor, report: ImportReport): Sequence<Message> = sequence {
        fun text(column: Int): String? = if (rows.isNull(column)) null else rows.getString(column)
        var record = 0
        while (rows.moveToNext()) {
            yield(
                messageOf(
                    body = text(0) ?: "",
                    box = text(1) ?: "",
                    date = text(2),
                    dateSent = text(3),
                    address = text(4),
                    contact = null,
                    sim = text(5),
                    report = report,
                    record = ++record,
                ),
            )
        }
    }
}
