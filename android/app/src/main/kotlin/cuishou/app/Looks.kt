package cuishou.app

import android.content.Context
import android.graphics.Typeface
import android.text.SpannableStringBuilder
import android.text.Spanned
import android.text.style.BackgroundColorSpan
import android.text.style.ForegroundColorSpan
import android.text.style.StyleSpan
import cuishou.messages.Codebook
import cuishou.messages.Finding
import cuishou.messages.Shown
import cuishou.scorer.Tagging

/** How findings look. Whatever a message holds is shown as text: escaped by [Shown], never parsed as markup, never linked. */
class Looks(private val context: Context, private val codebook: Codebook) {
    /** `zh` or `en`: that in which the rest of the app speaks. */
    val language: String = context.getString(R.string.language)

    /** Tag, sureness, sender and time of one message. */
    fun head(finding: Finding): CharSequence {
        val text = SpannableStringBuilder()
        finding.tagging?.let { tagging ->
            text.append(codebook.tag(tagging.tag, language))
            text.mark(0 until text.length, ForegroundColorSpan(context.getColor(color(tagging.tag))), StyleSpan(Typeface.BOLD))
            text.append("  ").append(context.getString(R.string.sure, (100 * tagging.probability).toInt()))
            if (tagging.needsReview) text.append("  ").append(context.getString(R.string.review))
            if (finding.isFamiliar && codebook.isCollection(finding)) {
                text.append("  ").append(codebook.said(if (finding.saved) "from_saved" else "from_familiar", language))
            }
            text.append('\n')
        }
        val message = finding.message
        val parts = listOf(finding.sender, message.address.takeIf { it != finding.sender }, message.moment?.local())
        return text.append(parts.filterNot { it.isNullOrEmpty() }.joinToString("  ") { Shown(it!!).text })
    }

    /** The first characters of the text, for a list: whatever its length, a row is drawn at once. */
    fun start(finding: Finding): CharSequence = body(finding, ROW)

    /**
     * The text, up to [most] units of it, with the words that carried its tag marked, and those of a reason in bold; of collection only. A
     * single character may carry a score and tells a reader nothing.
     */
    fun body(finding: Finding, most: Int = Int.MAX_VALUE): CharSequence {
        val body = finding.message.body
        val shown = Shown(body.take(most))
        val text = SpannableStringBuilder(shown.text)
        for (span in finding.alleged?.spans.orEmpty()) {
            if (!codebook.isCollection(finding) || span.end - span.start < 2) continue
            val place = span.utf16(body)
            if (place.last >= most) continue
            val range = shown.range(place)
            if (span.label == finding.tagging?.tag) text.mark(range, BackgroundColorSpan(context.getColor(R.color.mark)))
            else text.mark(range, StyleSpan(Typeface.BOLD))
        }
        return text
    }

    /**
     * The reasons, each with the words that carried it and the rules that it may touch on the message's day. Those less likely than not
     * are only named, and so are all of what a friend may have passed on.
     */
    fun reasons(finding: Finding): CharSequence {
        val tagging = finding.alleged ?: return ""
        if (tagging.reasons.isEmpty()) return ""
        if (finding.isFamiliar) {
            return codebook.said("passed_on", language).replace("{names}", codebook.names(tagging.reasons, language))
        }
        val text = SpannableStringBuilder(context.getString(R.string.reasons)).append('\n')
        for ((reason, basis) in tagging.likely zip codebook.bases(finding, language)) {
            val start = text.length
            text.append('\n').append(codebook.reason(reason.code, language))
            text.mark(start until text.length, StyleSpan(Typeface.BOLD))
            text.append("  ").append(context.getString(R.string.sure, (100 * reason.probability).toInt()))
            words(finding.message.body, tagging, reason.code)?.let { text.append('\n').append(it) }
            for (sentence in basis.sentences) text.append("\n· ").append(sentence)
            text.append('\n')
        }
        if (tagging.possible.isNotEmpty()) text.append('\n').append(context.getString(R.string.possible, codebook.names(tagging.possible, language)))
        return text
    }

    /** Where to complain of the senders of [findings]; empty where there is nobody to complain of. Takes long for many: not for the main thread. */
    fun whereToTurn(findings: List<Finding>): CharSequence {
        val turns = codebook.whereToTurn(findings, language)
        if (turns.isEmpty()) return ""
        val text = SpannableStringBuilder(codebook.said("where", language))
        text.mark(0 until text.length, StyleSpan(Typeface.BOLD))
        for (turn in turns) {
            text.append("\n· ").append(turn.sentence)
            if (turns.any { it.about.isNotEmpty() }) text.append("  ").append(Shown(codebook.about(turn, language)).text)
        }
        return text
    }

    /** What to do next, and where to turn with what was found. Not for the main thread. */
    fun nextSteps(findings: List<Finding>): CharSequence {
        val text = SpannableStringBuilder(codebook.steps(language).joinToString("\n") { "· $it" })
        val where = whereToTurn(findings)
        return if (where.isEmpty()) text else text.append("\n\n").append(where)
    }

    private fun words(body: String, tagging: Tagging, label: String): String? = tagging.spans.filter { it.label == label }
        .joinToString(" / ") { "“" + Shown(body.substring(it.utf16(body))).text + "”" }.ifEmpty { null }

    /** A newer model's tag gets the plain colour. */
    private fun color(tag: String): Int = when (tag) {
        "unlawful" -> R.color.unlawful
        "pressure" -> R.color.pressure
        "reminder" -> R.color.reminder
        else -> R.color.other
    }

    private fun SpannableStringBuilder.mark(range: IntRange, vararg styles: Any) {
        for (style in styles) setSpan(style, range.first, range.last + 1, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
    }

    private companion object {
        /** More characters than three lines hold. */
        const val ROW = 400
    }
}
