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
import cuishou.messages.signature
import cuishou.scorer.Tagging

/** How findings look. Whatever a message holds is shown as text: escaped by [Shown], never parsed as markup, never linked. */
class Looks(private val context: Context, private val codebook: Codebook) {
    /** `zh` where the phone speaks Chinese, else `en`. */
    val language: String = if (context.resources.configuration.locales[0].language == "zh") "zh" else "en"

    /** Tag, sureness, sender and time of one message. */
    fun head(finding: Finding): CharSequence {
        val text = SpannableStringBuilder()
        finding.tagging?.let { tagging ->
            text.append(codebook.tag(tagging.tag, language))
            text.mark(0 until text.length, ForegroundColorSpan(context.getColor(color(tagging.tag))), StyleSpan(Typeface.BOLD))
            text.append("  ").append(context.getString(R.string.sure, (100 * tagging.probability).toInt()))
            if (tagging.needsReview) text.append("  ").append(context.getString(R.string.review))
            text.append('\n')
        }
        val message = finding.message
        val parts = listOf(finding.sender, message.address.takeIf { it != finding.sender }, message.moment?.local())
        return text.append(parts.filterNot { it.isNullOrEmpty() }.joinToString("  ") { Shown(it!!).text })
    }

    /** The text with the words that carried its tag marked, and those of a reason in bold. */
    fun body(finding: Finding): CharSequence {
        val body = finding.message.body
        val shown = Shown(body)
        val text = SpannableStringBuilder(shown.text)
        for (span in finding.tagging?.spans.orEmpty()) {
            val range = shown.range(span.utf16(body))
            if (span.label == finding.tagging?.tag) text.mark(range, BackgroundColorSpan(context.getColor(R.color.mark)))
            else text.mark(range, StyleSpan(Typeface.BOLD))
        }
        return text
    }

    /** The reasons, each with the words that carried it and, if it is likelier than not, the rules that it may touch on that day. */
    fun reasons(finding: Finding): CharSequence {
        val tagging = finding.tagging ?: return ""
        if (tagging.reasons.isEmpty()) return ""
        val text = SpannableStringBuilder(context.getString(R.string.reasons)).append('\n')
        val day = finding.message.moment?.local()?.take(10)
        for (reason in tagging.reasons) {
            val start = text.length
            text.append('\n').append(codebook.reason(reason.code, language))
            text.mark(start until text.length, StyleSpan(Typeface.BOLD))
            text.append("  ").append(context.getString(R.string.sure, (100 * reason.probability).toInt()))
            words(finding.message.body, tagging, reason.code)?.let { text.append('\n').append(it) }
            if (!reason.isLikely) {
                text.append("\n· ").append(context.getString(R.string.possible)).append('\n')
                continue
            }
            val also = tagging.reasons.filter { it.isLikely }.map { it.code } - reason.code
            for (ground in codebook.grounds(reason.code, day, signature(finding.message.body), also, language)) text.append("\n· ").append(ground)
            text.append('\n')
        }
        return text
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
}
