package cuishou.messages

import cuishou.scorer.Json
import cuishou.scorer.Reason
import cuishou.scorer.Tagging

/**
 * The names that people read, the grounds of the codes and where to turn, packed at build time from what Python reads too.
 *
 * The sentences about law are those of the program on a computer, ready-made; here they are only chosen.
 */
class Codebook private constructor(
    private val tags: Map<String, Map<String, String>>,
    private val reasons: Map<String, Map<String, String>>,
    private val notice: Map<String, Map<String, String>>,
    private val said: Map<String, Map<*, *>>,
    private val kinds: List<Pair<String, String>>,
    private val grounds: List<Ground>,
    private val channels: List<Channel>,
    private val names: Names,
    private val people: Acquaintances,
    private val flags: Set<String>,
    private val concealed: String,
) {
    /** What may be said of the rules behind a reason: [sentences] strongest first, or a plain word that no basis is shown. */
    data class Basis(val code: String, val sentences: List<String>)

    /** Where to complain, and about which senders. */
    data class Turn(val sentence: String, val about: List<String>)

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

    /** [codes]: where it is meant for some reasons only. */
    private class Channel(val senders: List<String>, val codes: List<String>, val sentence: Map<String, String>) {
        fun isFor(kind: String, found: Collection<String>): Boolean =
            (senders == listOf("any") || kind in senders) && (codes.isEmpty() || codes.any { it in found })
    }

    /** The name of a tag in [language] (`zh` or `en`); the tag itself when a newer model knows one we don't. */
    fun tag(tag: String, language: String): String = tags[language]?.get(tag) ?: tag

    /** The name of a reason code, or the code itself. */
    fun reason(code: String, language: String): String = reasons[language]?.get(code) ?: code

    /** The names of [reasons] in a row, as Python's `reason_names` has it; some have a comma in them. */
    fun names(reasons: List<Reason>, language: String): String =
        reasons.joinToString(if (language == "zh") "；" else "; ") { reason(it.code, language) }

    /**
     * [tagging] as people are shown it, as Python's `alleged` has it: without what [body] itself refutes, and with the flags behind the
     * graver reasons. Nobody hides who they are who sign with a name or begin with one.
     */
    fun alleged(body: String, tagging: Tagging): Tagging {
        val isRefuted = tagging.reasons.any { it.code == concealed } && names.isNamed(body)
        return tagging.copy(
            reasons = tagging.reasons.filterNot { isRefuted && it.code == concealed }.sortedBy { it.code in flags },
            spans = tagging.spans.filterNot { isRefuted && it.label == concealed },
        )
    }

    /** The sender's own name in 【…】 at the start or the end of [body]; null where there is none. */
    fun signature(body: String): String? = names.signature(body)

    /** [findings], all there are, with each that was received marked by whether it is from somebody whom the phone's owner writes with. */
    fun recognised(findings: List<Finding>): List<Finding> = people.recognised(findings, least)

    /** Whether [number] is that of a bank, a carrier, a public service or a company. */
    fun isService(number: String): Boolean = people.isService(number)

    /** Whether it concerns collection. */
    fun isCollection(finding: Finding): Boolean = finding.tagging != null && finding.tagging.tag != least

    /**
     * What may be said of each likely reason of [finding], flags last. No rule is held against what is less likely than not,
     * nor against what a friend may only have passed on.
     */
    fun bases(finding: Finding, language: String): List<Basis> {
        if (finding.alleged == null || finding.isFamiliar) return emptyList()
        val codes = finding.alleged.likely.map { it.code }
        val day = finding.message.moment?.local()?.take(DAY)
        val kind = kind(names.party(finding.message))
        return codes.map { Basis(it, grounds(it, day, kind, codes, language)) }
    }

    /**
     * Where to complain of the senders of collection messages among [findings], the general first; senders in the order in which they
     * come. Whom the owner knows is none of them.
     */
    fun whereToTurn(findings: List<Finding>, language: String): List<Turn> {
        val found = LinkedHashMap<Party, MutableSet<String>>()
        for (finding in findings) {
            if (!isCollection(finding) || finding.isFamiliar) continue
            found.getOrPut(names.party(finding.message), ::HashSet) += finding.alleged!!.likely.map { it.code }
        }
        val codes = merged(found)
        return channels.mapNotNull { channel ->
            val about = codes.keys.filter { channel.isFor(kind(it), codes.getValue(it)) }.map { it.name }
            if (about.isEmpty()) null else Turn(channel.sentence[language].orEmpty(), if (about.size == codes.size) emptyList() else about)
        }
    }

    /** A signature that names its principal in some messages only is the one that it always names. */
    private fun merged(found: Map<Party, Set<String>>): Map<Party, Set<String>> {
        val principals = found.keys.filter { it.signature != null && it.principal != null }.groupBy { it.signature }
        val merged = LinkedHashMap<Party, MutableSet<String>>()
        for ((party, codes) in found) {
            val whole = if (party.principal == null) principals[party.signature]?.singleOrNull() else null
            merged.getOrPut(whole ?: party, ::HashSet) += codes
        }
        return merged
    }

    /** For whom a [turn] is meant. */
    fun about(turn: Turn, language: String): String {
        if (turn.about.isEmpty()) return said("about_all", language)
        return said("about", language).replace("{names}", listed(turn.about, language))
    }

    /** [names] in a row, the first few of them. */
    fun listed(names: List<String>, language: String): String {
        val more = names.size - MOST_NAMES
        return names.take(MOST_NAMES).joinToString(said("comma", language)) +
            if (more > 0) said("and_more", language).replace("{count}", more.toString()) else ""
    }

    /** What to do next, in order. */
    fun steps(language: String): List<String> =
        texts(said[language]?.get("steps") ?: emptyList<String>()) + listOfNotNull(notice[language]?.get("order"))

    /** The report's words of this name; a place for a name or a number in it is `{…}`. */
    fun said(name: String, language: String): String = said[language]?.get(name)?.toString().orEmpty()

    private fun grounds(code: String, day: String?, kind: String, also: Collection<String>, language: String): List<String> {
        if (day == null) return listOfNotNull(notice[language]?.get("undated"))
        val (bound, other) = grounds.filter { it.fits(code, day, also) }.partition { it.binds(kind) }
        val said = bound.map { it.sentence } + if (kind == UNKNOWN) other.map { it.given } else emptyList()
        return said.mapNotNull { it[language] }.ifEmpty { listOfNotNull(notice[language]?.get("no_basis")) }
    }

    /** The kind of sender that a party claims to be by its name; anyone can sign with a bank's name. */
    private fun kind(party: Party): String {
        val name = party.principal ?: party.signature ?: return UNKNOWN
        return kinds.firstOrNull { (mark, _) -> mark in name }?.second ?: UNKNOWN
    }

    /** The tag of what has nothing to do with collection. */
    private val least = tags.values.firstOrNull()?.keys?.firstOrNull().orEmpty()

    companion object {
        private const val UNKNOWN = "unknown"
        private const val DAY = "2026-05-01".length
        private const val MOST_NAMES = 6

        /** Read what `pack.py` wrote. Throws [cuishou.scorer.JsonException] or [IllegalArgumentException] for anything else. */
        fun parse(json: String): Codebook {
            val root = map(Json.parse(json))
            return Codebook(
                tags = byLanguage(root["tags"]),
                reasons = byLanguage(root["reasons"]),
                notice = byLanguage(root["notice"]),
                said = map(root["said"]).entries.associate { (language, words) -> text(language) to map(words) },
                kinds = list(root["kinds"]).map { texts(it).let { (mark, kind) -> mark to kind } },
                grounds = list(root["grounds"]).map { ground(map(it)) },
                channels = list(root["channels"]).map { channel(map(it)) },
                names = Names(map(root["names"])),
                people = Acquaintances(map(root["acquaintances"])),
                flags = texts(root["flags"]).toSet(),
                concealed = text(root["concealed"]),
            )
        }

        private fun ground(row: Map<*, *>) = Ground(
            codes = texts(row["codes"]),
            from = text(row["from"]),
            until = text(row["until"]),
            senders = texts(row["senders"]),
            notSenders = texts(row["not_senders"]),
            requires = texts(row["requires"]),
            least = (row["least"] as Number).toLong(),
            sentence = names(row["sentence"]),
            given = names(row["given"]),
        )

        private fun channel(row: Map<*, *>) = Channel(texts(row["senders"]), texts(row["codes"]), names(row["sentence"]))
    }
}
