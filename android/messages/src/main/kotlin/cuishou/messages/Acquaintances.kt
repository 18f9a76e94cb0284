package cuishou.messages

import java.text.Normalizer

/**
 * Finds those who write of other things than debts: a relative who forwards a threat is no collector. The rule is that of
 * `cuishou/acquaintances.py`; its numbers and patterns are packed by `pack.py`.
 *
 * Known is who sent some messages that have nothing to do with collection, and more of them than of the other kind, and whom the
 * phone's owner wrote to or saved as a contact. Service numbers are nobody's. A contact whose name looks like a person's, and from whom
 * no more than [passedOn] collection messages came, is likely one as well: somebody has to check.
 */
internal class Acquaintances(rules: Map<*, *>) {
    private val ordinary = (rules["ordinary"] as Number).toInt()
    private val passedOn = (rules["passed_on"] as Number).toInt()
    private val person = pattern(rules["person"])
    private val noFriend = pattern(rules["no_friend"])
    private val service = pattern(rules["service"])
    private val filling = pattern(rules["filling"])

    /** Whether [number] is that of a bank, a carrier, a public service or a company. */
    fun isService(number: String): Boolean = service.matchesAt(number, 0)

    /** [findings] with each that was received marked by whether an acquaintance wrote it; [least] is the tag of what has nothing to do with collection. */
    fun recognised(findings: List<Finding>, least: String): List<Finding> {
        val counted = HashMap<String, Count>()
        for (finding in findings) {
            val number = number(finding.message)
            if (number.isEmpty() || isService(number)) continue
            val count = counted.getOrPut(number, ::Count)
            finding.tagging?.let { if (it.tag == least) count.ordinary++ else count.collection++ }
            if (finding.message.contact?.let(::namesAPerson) == true) count.isPerson = true
            if (finding.message.contact != null || finding.message.direction == Direction.OUT) count.isNear = true
        }
        return findings.map { finding ->
            val count = counted[number(finding.message)]
            val isNobodys = finding.signature == null && count != null
            if (finding.tagging == null) finding
            else finding.marked(isNobodys && (count.isKnown() || count.seems()), isNobodys && count.seems())
        }
    }

    /** The address without the country code and what exports put between digits; a contact's name where there is none. */
    private fun number(message: Message): String = message.address.replace(filling, "").ifEmpty { message.contact ?: "" }

    private fun Count?.isKnown(): Boolean = this != null && isNear && ordinary >= maxOf(this@Acquaintances.ordinary, collection + 1)

    private fun Count?.seems(): Boolean = this != null && isPerson && collection in 1..passedOn && !isKnown()

    /** Whether a contact's name looks like that of a person or one of the family, and does not speak of collecting or a company. */
    private fun namesAPerson(contact: String): Boolean {
        val name = Normalizer.normalize(contact, Normalizer.Form.NFKC).filterNot { it.isWhitespace() }
        return person.matches(name) && !noFriend.containsMatchIn(name)
    }

    private class Count(var ordinary: Int = 0, var collection: Int = 0, var isNear: Boolean = false, var isPerson: Boolean = false)
}
