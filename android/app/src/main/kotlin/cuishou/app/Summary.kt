package cuishou.app

import android.content.res.Resources
import cuishou.messages.Codebook
import cuishou.messages.Finding
import cuishou.messages.Shown

/** What was found, and what the person should know about how it was read. */
object Summary {
    /** Numbers fewer than this say nothing about which senders are missing. */
    private const val ENOUGH = 50

    /** The sentences on [work]; [tags] run from least to gravest. Not for the main thread. */
    fun of(work: Work.Done, tags: List<String>, codebook: Codebook, resources: Resources): String {
        val report = work.report
        val taggings = work.findings.mapNotNull { it.tagging }
        val collection = taggings.count { it.tag != tags.first() }
        val found = resources.getString(
            R.string.found, report.read, work.received, collection, taggings.count { it.tag == tags.last() },
        )
        val notes = listOfNotNull(
            familiar("familiar", work, codebook, resources.getString(R.string.language)) { !it.saved },
            familiar("saved", work, codebook, resources.getString(R.string.language)) { it.saved },
            resources.getString(R.string.tap).takeIf { collection > 0 },
            resources.getString(R.string.lost, report.missing).takeIf { report.missing > 0 },
            resources.getString(R.string.without_text, report.withoutText).takeIf { report.withoutText > 0 },
            resources.getString(R.string.repaired, report.repaired).takeIf { report.repaired > 0 },
            resources.getString(R.string.no_service).takeIf { lacksServiceNumbers(work, codebook) },
        )
        return (listOf(found) + notes).joinToString("\n")
    }

    /** The collection messages from people whom the owner knows, those of one [kind] that [isOne] tells; null where there are none. */
    private fun familiar(kind: String, work: Work.Done, codebook: Codebook, language: String, isOne: (Finding) -> Boolean): String? {
        val known = work.findings.filter { it.isFamiliar && isOne(it) && codebook.isCollection(it) }.groupingBy { it.sender }.eachCount()
        val names = known.entries.sortedByDescending { it.value }.map { Shown(it.key).text }
        return codebook.said(kind, language).replace("{count}", known.values.sum().toString())
            .replace("{names}", codebook.listed(names, language)).takeIf { known.isNotEmpty() }
    }

    /** A phone of a maker that guards service messages by a permission of its own hides them without a word. */
    private fun lacksServiceNumbers(work: Work.Done, codebook: Codebook): Boolean =
        work.received >= ENOUGH && work.findings.none { it.tagging != null && codebook.isService(it.message.address) }
}
