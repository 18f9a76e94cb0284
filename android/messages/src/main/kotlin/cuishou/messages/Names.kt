package cuishou.messages

import java.text.Normalizer

/** Who writes: a signature and for whom, or where there is neither, a contact or [number]. Collectors change numbers, not names. */
data class Party(val signature: String? = null, val principal: String? = null, val number: String = "") {
    /** What people call it; `?` where nothing at all is known. */
    val name: String get() = when {
        signature != null && principal != null -> "$signature（受${principal}委托）"
        else -> signature ?: principal ?: number.ifEmpty { "?" }
    }
}

/** Finds in a text who writes and for whom, by the rules of `cuishou/facts`, which `pack.py` packs. */
internal class Names(rules: Map<*, *>) {
    private val table = names(rules["table"]).entries.associate { (key, value) -> key.single() to value.single() }
    private val leftOut = pattern(rules["left_out"])
    private val atStart = pattern(rules["at_start"])
    private val atEnd = pattern(rules["at_end"])
    private val heading = pattern(rules["heading"])
    private val prefixed = pattern(rules["prefixed"])
    private val suffixed = pattern(rules["suffixed"])
    private val principals = list(rules["principal"]).map(::pattern)
    private val noName = pattern(rules["no_name"])
    private val notOfAName = pattern(rules["not_of_a_name"])
    private val company = pattern(rules["company"])
    private val nameless = texts(rules["nameless"]).toSet()

    /** The sender's own name in 【…】 at the start or the end of [body]; null where there is none. A heading in brackets is none. */
    fun signature(body: String): String? = if (body.any { it in CLOSING }) signature(Reading(body)) else null

    /** Whether [body] says who writes: it is signed, or an institution is named at its start or its end. */
    fun isNamed(body: String): Boolean {
        val reading = Reading(body)
        if (signature(reading) != null) return true
        val text = reading.text
        val tail = text.offsetByCodePoints(text.length, -minOf(SUFFIX_REACH, text.codePointCount(0, text.length)))
        return listOfNotNull(prefixed.matchAt(text, 0), suffixed.find(text, tail)).any { !noName.containsMatchIn(it.groupValues[1]) }
    }

    /** The sender that [message] names by itself, as `cuishou/rhythm.py` groups them. */
    fun party(message: Message): Party {
        val reading = Reading(message.body)
        val signature = named(signature(reading))
        val principal = named(principal(reading))?.replace(company, "")?.ifEmpty { null }
        if (signature != null || principal != null) return Party(signature, principal)
        return Party(number = message.contact ?: message.address)
    }

    private fun signature(reading: Reading): String? {
        for (match in listOfNotNull(atStart.matchAt(reading.text, 0), atEnd(reading.text))) {
            val inside = match.groups[1]!!
            val name = inside.value.trim()
            if (name.isEmpty() || heading.matches(name)) continue
            val start = inside.range.first + inside.value.indexOf(name)
            return reading.original(start until start + name.length).replace(notOfAName, "")
        }
        return null
    }

    /** The signature at the end, sought in the last characters only. */
    private fun atEnd(text: String): MatchResult? {
        val reach = minOf(REACH, text.codePointCount(0, text.length))
        val opening = text.lastIndexOf('【')
        return if (opening >= text.offsetByCodePoints(text.length, -reach)) atEnd.matchAt(text, maxOf(opening, 0)) else null
    }

    private fun principal(reading: Reading): String? = principals.firstNotNullOfOrNull { pattern ->
        pattern.find(reading.text)?.groups?.get(1)?.takeUnless { noName.containsMatchIn(it.value) }?.let { reading.kept(it.range) }
    }

    /** [text] in one writing; null where it names nobody. */
    private fun named(text: String?): String? = text?.let { Normalizer.normalize(it, Normalizer.Form.NFKC) }
        ?.filterNot { it.isWhitespace() }?.takeUnless { it.isEmpty() || it in nameless }

    /** A text as the rules read it: one writing for digits and characters, disguises taken off, every place kept. */
    private inner class Reading(private val body: String) {
        /** Where each unit of [text] stands in [body]: first unit, and the unit after it. */
        private val starts = ArrayList<Int>(body.length)
        private val ends = ArrayList<Int>(body.length)

        /** What the rules match. */
        val text: String

        init {
            val folded = StringBuilder(body.length)
            var place = 0
            while (place < body.length) {
                val code = body.codePointAt(place)
                val end = place + Character.charCount(code)
                val digit = if (code > LAST_ASCII && Character.isDigit(code)) Character.digit(code, 10) else -1
                val written = if (digit >= 0) digit.toString() else body.substring(place, end)
                for (unit in written.indices) {
                    folded.append(table[written[unit]] ?: written[unit])
                    starts += if (digit >= 0) place else place + unit
                    ends += if (digit >= 0) end else place + unit + 1
                }
                place = end
            }
            for (match in leftOut.findAll(folded).toList().asReversed()) {
                folded.delete(match.range.first, match.range.last + 1)
                starts.subList(match.range.first, match.range.last + 1).clear()
                ends.subList(match.range.first, match.range.last + 1).clear()
            }
            text = folded.toString()
        }

        /** What stands in the original from the first to the last of [range]. */
        fun original(range: IntRange): String = body.substring(starts[range.first], ends[range.last])

        /** The original characters of [range], without those that were left out. */
        fun kept(range: IntRange): String = range.joinToString("") { body.substring(starts[it], ends[it]) }
    }

    private companion object {
        const val CLOSING = "】]］"
        const val REACH = 80
        const val SUFFIX_REACH = 24
        const val LAST_ASCII = 0x7f
    }
}
