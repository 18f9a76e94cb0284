package cuishou.messages

import cuishou.scorer.Json

/** A rule of law that a reason code may touch, as `data/grounds.toml` has it; dates are ISO 8601, empty when open. */
data class Ground(
    val id: String,
    val codes: List<String>,
    val title: String,
    val article: String,
    val quote: String,
    val force: String,
    val from: String,
    val until: String,
    val senderKinds: List<String>,
    val wording: String,
) {
    /** Whether it was in force on [day] (ISO 8601); on an unknown day, whether it is still. */
    fun holdsOn(day: String?): Boolean =
        if (day == null) until.isEmpty() else (from.isEmpty() || from <= day) && (until.isEmpty() || day <= until)
}

/** The names that people read and the grounds of the codes, packed at build time from the one list that Python reads too. */
class Codebook private constructor(
    private val tags: Map<String, Map<String, String>>,
    private val reasons: Map<String, Map<String, String>>,
    private val grounds: List<Ground>,
) {
    /** The name of a tag in [language] (`zh` or `en`); the tag itself when a newer model knows one we don't. */
    fun tag(tag: String, language: String): String = tags[language]?.get(tag) ?: tag

    /** The name of a reason code, or the code itself. */
    fun reason(code: String, language: String): String = reasons[language]?.get(code) ?: code

    /** The rules that [code] may touch, valid on [day] (ISO 8601, or null when it isn't known). */
    fun grounds(code: String, day: String?): List<Ground> = grounds.filter { code in it.codes && it.holdsOn(day) }

    companion object {
        /** Read what `pack.py` wrote. Throws [cuishou.scorer.JsonException] or [IllegalArgumentException] for anything else. */
        fun parse(json: String): Codebook {
            val root = requireNotNull(Json.parse(json) as? Map<*, *>) { "the code book is no object" }
            return Codebook(names(root["tags"]), names(root["reasons"]), (root["grounds"] as? List<*>).orEmpty().map(::ground))
        }

        private fun names(value: Any?): Map<String, Map<String, String>> = (value as? Map<*, *>).orEmpty().entries.associate { (language, names) ->
            language.toString() to (names as Map<*, *>).entries.associate { (key, name) -> key.toString() to name.toString() }
        }

        private fun ground(value: Any?): Ground {
            val row = requireNotNull(value as? Map<*, *>) { "a ground is no object" }
            fun text(key: String) = row[key]?.toString() ?: ""
            fun texts(key: String) = (row[key] as? List<*>).orEmpty().map { it.toString() }
            return Ground(
                id = text("id"),
                codes = texts("codes"),
                title = text("title"),
                article = text("article"),
                quote = text("quote"),
                force = text("force"),
                from = text("from"),
                until = text("until"),
                senderKinds = texts("sender_kinds"),
                wording = text("wording"),
            )
        }
    }
}
