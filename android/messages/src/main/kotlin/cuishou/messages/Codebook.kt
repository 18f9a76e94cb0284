package cuishou.messages

import cuishou.scorer.Json
import cuishou.scorer.Reason

/**
 * The names that people read and the grounds of the codes, packed at build time from what Python reads too.
 *
 * The sentences about law are those of the program on a computer, ready-made; here they are only chosen.
 */
class Codebook private constructor(
    private val tags: Map<String, Map<String, String>>,
    private val reasons: Map<String, Map<String, String>>,
    private val notice: Map<String, Map<String, String>>,
    private val kinds: List<Pair<String, String>>,
    private val grounds: List<Ground>,
) {
    /** A citation; [from] and [until] are days in ISO 8601, [until] empty when open. Sentences by language. */
    private class Ground(
        val codes: List<String>,
        val from: String,
        val until: String,
        val senders: List<String>,
        val notSenders: List<String>,
        val requires: List<String>,
        val least: Long,
        val sentence: Map<String, String>,
        val given: Map<String, String>,
    ) {
        /** Whether it may be cited for one message with [code] on [day] that has the codes [also] as well. */
        fun fits(code: String, day: String, also: Collection<String>): Boolean =
            code in codes && from <= day && (until.isEmpty() || day <= until) && least <= 1 &&
                (requires.isEmpty() || requires.any { it in also })

        /** Whether it binds this kind of sender. Of an unknown one only what binds any sender is said. */
        fun binds(kind: String): Boolean = senders == listOf("any") && kind !in notSenders || kind in senders
    }

    /** The name of a tag in [language] (`zh` or `en`); the tag itself when a newer model knows one we don't. */
    fun tag(tag: String, language: String): String = tags[language]?.get(tag) ?: tag

    /** The name of a reason code, or the code itself. */
    fun reason(code: String, language: String): String = reasons[language]?.get(code) ?: code

    /** The names of [reasons] in a row, as Python's `reason_names` has it; some have a comma in them. */
    fun names(reasons: List<Reason>, language: String): String =
        reasons.joinToString(if (language == "zh") "；" else "; ") { reason(it.code, language) }

    /**
     * What may be said of the rules behind [code] in a message of [day] (ISO 8601 in China's time, null when it isn't known) from the
     * sender that signs as [signature], which has the codes [also] too: strongest first, or a plain word that no basis is shown.
     */
    fun grounds(code: String, day: String?, signature: String?, also: Collection<String>, language: String): List<String> {
        if (day == null) return listOfNotNull(notice[language]?.get("undated"))
        val kind = kind(signature)
        val (bound, other) = grounds.filter { it.fits(code, day, also) }.partition { it.binds(kind) }
        val said = bound.map { it.sentence } + if (kind == UNKNOWN) other.map { it.given } else emptyList()
        return said.mapNotNull { it[language] }.ifEmpty { listOfNotNull(notice[language]?.get("no_basis")) }
    }

    /** The kind of sender that a signature claims to be; anyone can sign with a bank's name. */
    private fun kind(signature: String?): String = kinds.firstOrNull { (mark, _) -> signature != null && mark in signature }?.second ?: UNKNOWN

    companion object {
        private const val UNKNOWN = "unknown"

        /** Read what `pack.py` wrote. Throws [cuishou.scorer.JsonException] or [IllegalArgumentException] for anything else. */
        fun parse(json: String): Codebook {
            val root = map(Json.parse(json))
            return Codebook(
                tags = byLanguage(root["tags"]),
                reasons = byLanguage(root["reasons"]),
                notice = byLanguage(root["notice"]),
                kinds = list(root["kinds"]).map { texts(it).let { (mark, kind) -> mark to kind } },
                grounds = list(root["grounds"]).map { ground(map(it)) },
            )
        }

        private fun ground(row: Map<*, *>) = Ground(
            codes = texts(row["codes"]),
            from = row["from"].toString(),
            until = row["until"].toString(),
            senders = texts(row["senders"]),
            notSenders = texts(row["not_senders"]),
            requires = texts(row["requires"]),
            least = (row["least"] as Number).toLong(),
            sentence = names(row["sentence"]),
            given = names(row["given"]),
        )

        private fun map(value: Any?): Map<*, *> = requireNotNull(value as? Map<*, *>) { "the code book has no object where one belongs" }

        private fun list(value: Any?): List<*> = requireNotNull(value as? List<*>) { "the code book has no list where one belongs" }

        private fun texts(value: Any?): List<String> = list(value).map { it.toString() }

        private fun names(value: Any?): Map<String, String> = map(value).entries.associate { (key, name) -> key.toString() to name.toString() }

        private fun byLanguage(value: Any?) = map(value).entries.associate { (language, names) -> language.toString() to names(names) }
    }
}
