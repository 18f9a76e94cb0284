package cuishou.messages

/** Which findings a list shows: those with [tag] (null: any), marked for review if [onlyReview], that hold all of [words]. */
data class Filter(val tag: String? = null, val onlyReview: Boolean = false, val words: String = "") {
    private val terms = words.split(' ', '　').filter { it.isNotBlank() }

    /** Whether [finding] is shown; never what the phone's owner wrote. Words are looked for in sender, number and text. */
    fun shows(finding: Finding): Boolean {
        val tagging = finding.tagging ?: return false
        if (tag != null && tagging.tag != tag || onlyReview && !tagging.needsReview) return false
        val message = finding.message
        return terms.all { term -> listOf(finding.sender, message.address, message.body).any { it.contains(term, ignoreCase = true) } }
    }
}
