package cuishou.messages

import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter

/** Which way a message went, by the box it lies in. [key] is its name in files. */
enum class Direction(val key: String) {
    IN("in"), OUT("out"), DRAFT("draft"), UNKNOWN("unknown");

    companion object {
        /** Of Android's boxes, the same for `type` of an SMS and `msg_box` of an MMS. */
        fun of(box: String): Direction = when (box) {
            "1" -> IN
            "2", "4", "5", "6" -> OUT
            "3" -> DRAFT
            else -> UNKNOWN
        }
    }
}

/** A point in time as a phone gave it. [exact]: known to the millisecond; otherwise to the second only. */
data class Moment(val at: Instant, val exact: Boolean) {
    /** ISO 8601 in UTC, no finer than it is known: `2026-05-01T13:07:33+00:00`. */
    fun iso(): String = (if (exact) ISO_EXACT else ISO).format(at)

    /** As a person in China reads it: `2026-05-01 21:07:33`. */
    fun local(): String = LOCAL.format(at)

    companion object {
        private val ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'").withZone(ZoneOffset.UTC)
        private val ISO_EXACT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'+00:00'").withZone(ZoneOffset.UTC)

        /** China's clock since 1991: no daylight saving, so a fixed offset is the whole truth. */
        private val LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.ofHours(8))
        private val EARLIEST = Instant.parse("1990-01-01T00:00:00Z").toEpochMilli()
        private val LATEST = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli()

        /** As milliseconds this is March 1973, before there were short messages: a smaller number counts seconds. */
        private const val SECONDS_BELOW = 100_000_000_000

        /**
         * Milliseconds (or, for MMS and from careless tools, seconds) since 1970; null when missing or beyond belief.
         *
         * A full second counts as known to the second only: `date_sent` always is, and many phones round `date` too.
         */
        fun of(value: String?): Moment? {
            val number = value?.trim()?.toLongOrNull() ?: return null
            val milliseconds = if (number in 0 until SECONDS_BELOW) number * 1000 else number
            if (milliseconds !in EARLIEST until LATEST) return null
            return Moment(Instant.ofEpochMilli(milliseconds), exact = milliseconds % 1000 != 0L)
        }
    }
}

/**
 * One message of a backup or of the phone, unchanged.
 *
 * [sentAt] is the sender's clock and [receivedAt] the phone's; either may be missing. [record] counts from 1 in [source], in the
 * order of the file, and counts what could not be read too.
 */
data class Message(
    val body: String,
    val address: String = "",
    val direction: Direction = Direction.IN,
    val receivedAt: Moment? = null,
    val sentAt: Moment? = null,
    val contact: String? = null,
    val sim: String? = null,
    val source: String = "",
    val record: Int = 0,
) {
    /** When it was sent, or, where that isn't known, received. */
    val moment: Moment? get() = sentAt ?: receivedAt

    /** Whether the phone's owner did not write it. */
    val isReceived: Boolean get() = direction == Direction.IN || direction == Direction.UNKNOWN
}

/**
 * A message from the columns of Android's tables: [date] is the phone's clock, and for what the owner wrote the sender's too.
 * A missing value is null, empty or, in exports, the text `null`.
 */
fun messageOf(
    body: String,
    box: String,
    date: String?,
    dateSent: String?,
    address: String?,
    contact: String?,
    sim: String?,
    report: ImportReport,
    record: Int,
): Message {
    report.read++
    if (body.isEmpty()) report.withoutText++
    val direction = Direction.of(box)
    val at = Moment.of(date)
    val sent = Moment.of(dateSent)
    return Message(
        body = body,
        address = present(address) ?: "",
        direction = direction,
        receivedAt = if (direction == Direction.IN) at else null,
        sentAt = if (direction == Direction.IN) sent else sent ?: at,
        contact = present(contact).takeIf { it != "(Unknown)" },
        sim = present(sim).takeIf { it != "-1" },
        source = report.source,
        record = record,
    )
}

/** [value], or null when it stands for nothing. */
internal fun present(value: String?): String? = value.takeUnless { it == "null" || it.isNullOrEmpty() }
