package cuishou.app

import android.content.res.Resources

/** What was found, and what the person should know about how it was read. */
object Summary {
    private val SERVICE = Regex("""^(\+?86)?(106|95|12)\d+$""")

    /** Numbers fewer than this say nothing about which senders are missing. */
    private const val ENOUGH = 50

    /** The sentences on [work]; [tags] run from least to gravest. */
    fun of(work: Work.Done, tags: List<String>, resources: Resources): String {
        val report = work.report
        val taggings = work.findings.mapNotNull { it.tagging }
        val collection = taggings.count { it.tag != tags.first() }
        val found = resources.getString(
            R.string.found, report.read, work.received, collection, taggings.count { it.tag == tags.last() },
        )
        val notes = listOfNotNull(
            resources.getString(R.string.tap).takeIf { collection > 0 },
            resources.getString(R.string.lost, report.missing).takeIf { report.missing > 0 },
            resources.getString(R.string.without_text, report.withoutText).takeIf { report.withoutText > 0 },
            resources.getString(R.string.repaired, report.repaired).takeIf { report.repaired > 0 },
            resources.getString(R.string.no_service).takeIf { lacksServiceNumbers(work) },
        )
        return (listOf(found) + notes).joinToString("\n")
    }

    /** A phone of a maker that guards service messages by a permission of its own hides them without a word. */
    private fun lacksServiceNumbers(work: Work.Done): Boolean =
        work.received >= ENOUGH && work.findings.none { it.tagging != null && SERVICE.matches(it.message.address) }
}
