package cuishou.messages

import java.io.BufferedInputStream
import java.io.InputStream

/** Something that could not be read: [offset] in bytes from the start of the text, and why. */
data class Loss(val offset: Long, val reason: String)

/**
 * What happened while a backup was read; complete once its last message has been.
 *
 * [declared] is the count that the file gives of itself, [read] the messages found, [lost] the records known to be missing or broken,
 * [withoutText] the messages that carry no text, [repaired] the characters that were no valid text and were replaced.
 */
data class ImportReport(
    val source: String,
    val format: String,
    var declared: Long? = null,
    var read: Int = 0,
    var withoutText: Int = 0,
    var repaired: Int = 0,
    val lost: MutableList<Loss> = ArrayList(),
) {
    /** How many records are missing: those known to be broken, or what the file's own count lacks, whichever is more. */
    val missing: Long get() = maxOf(lost.size.toLong(), (declared ?: 0) - read)
}

/** A file is no backup that can be read; [kind] says what was found, [source] names the file. */
class UnreadableBackup(val kind: Kind, val source: String, message: String) : Exception(message) {
    enum class Kind { EMPTY, UNKNOWN, ENCRYPTED, FORBIDDEN }
}

/** A kind of backup file. */
interface Format {
    val name: String

    /** Whether a file that begins with [head] is of this format. */
    fun sniff(head: ByteArray): Boolean

    /** The messages of [input] as they come; [report] is kept meanwhile. Throws [UnreadableBackup] and `java.io.IOException`. */
    fun read(input: InputStream, report: ImportReport): Sequence<Message>
}

/** An opened backup. [messages] can be gone through once; [report] is complete after the last. */
class Backup(val report: ImportReport, val messages: Sequence<Message>) {
    companion object {
        /** Bytes of a file's start that a format is recognised by. */
        private const val HEAD = 64 * 1024
        private val FORMATS = listOf(SmsBackupRestore, SmsImportExport, SmsImportExportJson)

        /** Magic of sms-ie's encrypted exports. */
        private val ENCRYPTED = "SSEF\u0000".toByteArray()

        /**
         * Recognise the backup in [input], a file called [source], by its content; the caller closes [input].
         * Throws [UnreadableBackup] when there is none that we know.
         */
        fun open(input: InputStream, source: String): Backup {
            val buffered = BufferedInputStream(input, HEAD)
            val head = head(buffered)
            if (head.isEmpty()) throw UnreadableBackup(UnreadableBackup.Kind.EMPTY, source, "$source is empty (0 bytes)")
            val format = FORMATS.firstOrNull { it.sniff(head) } ?: throw unknown(head, source)
            val report = ImportReport(source, format.name)
            return Backup(report, format.read(buffered, report))
        }

        private fun head(input: BufferedInputStream): ByteArray {
            val head = ByteArray(HEAD)
            var size = 0
            input.mark(HEAD)
            while (size < HEAD) {
                val count = input.read(head, size, HEAD - size)
                if (count < 0) break
                size += count
            }
            input.reset()
            return head.copyOf(size)
        }

        private fun unknown(head: ByteArray, source: String): UnreadableBackup =
            if (head.size >= ENCRYPTED.size && ENCRYPTED.indices.all { head[it] == ENCRYPTED[it] }) {
                UnreadableBackup(UnreadableBackup.Kind.ENCRYPTED, source, "$source is encrypted; export again without encryption")
            } else {
                val names = FORMATS.joinToString { it.name }
                UnreadableBackup(UnreadableBackup.Kind.UNKNOWN, source, "$source is not a backup that can be read. Known: $names")
            }
    }
}
