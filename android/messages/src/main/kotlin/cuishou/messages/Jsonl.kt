package cuishou.messages

import cuishou.scorer.Tagging
import java.io.OutputStream

/** JSON Lines, as `cuishou/output/jsonl.py` writes them: everything, unchanged, one record a line. For programs. */
object Jsonl {
    /** Write [findings] to [output] in UTF-8; the caller closes it. */
    fun write(findings: Iterable<Finding>, output: OutputStream) {
        val writer = output.bufferedWriter()
        for (finding in findings) writer.append(line(finding)).append('\n')
        writer.flush()
    }

    /** The message as it was, its number, and its tagging; what the phone's owner wrote has the tag null. */
    fun line(finding: Finding): String {
        val message = finding.message
        val head = linkedMapOf<String, Any?>(
            "source" to message.source,
            "record" to message.record,
            "direction" to message.direction.key,
            "address" to message.address,
            "contact" to message.contact,
            "sim" to message.sim,
            "received_at" to message.receivedAt?.iso(),
            "sent_at" to message.sentAt?.iso(),
            "body" to message.body,
            "number" to finding.number,
            "familiar" to finding.familiar,
        )
        return json(head + (finding.tagging?.let(::record) ?: mapOf("tag" to null)))
    }

    private fun record(tagging: Tagging): Map<String, Any?> = linkedMapOf(
        "tag" to tagging.tag,
        "probabilities" to tagging.probabilities,
        "reasons" to tagging.reasons.map { linkedMapOf("code" to it.code, "probability" to it.probability) },
        "spans" to tagging.spans.map { linkedMapOf("start" to it.start, "end" to it.end, "label" to it.label, "weight" to it.weight) },
        "needs_review" to tagging.needsReview,
    )

    private fun json(value: Any?): String = when (value) {
        null, is Number, is Boolean -> value.toString()
        is Map<*, *> -> value.entries.joinToString(", ", "{", "}") { (key, item) -> quoted(key.toString()) + ": " + json(item) }
        is List<*> -> value.joinToString(", ", "[", "]", transform = ::json)
        else -> quoted(value.toString())
    }

    /** A lone surrogate, which UTF-8 cannot hold, is written as its escape. */
    private fun quoted(text: String): String {
        val quoted = StringBuilder("\"")
        text.forEachIndexed { place, character ->
            when {
                character == '"' || character == '\\' -> quoted.append('\\').append(character)
                character == '\n' -> quoted.append("\\n")
                character == '\r' -> quoted.append("\\r")
                character == '\t' -> quoted.append("\\t")
                character < ' ' || isLone(text, place) -> quoted.append("\\u%04x".format(character.code))
                else -> quoted.append(character)
            }
        }
        return quoted.append('"').toString()
    }
}

/** Whether the UTF-16 unit at [place] is half of a pair without its other half. */
internal fun isLone(text: String, place: Int): Boolean = when {
    text[place].isHighSurrogate() -> place + 1 == text.length || !text[place + 1].isLowSurrogate()
    text[place].isLowSurrogate() -> place == 0 || !text[place - 1].isHighSurrogate()
    else -> false
}
