package cuishou.scorer

/** A reason code that the model sees in a text, and how sure it is of it (0 to 1). */
data class Reason(val code: String, val probability: Double) {
    /** Whether it is likelier than not. What is not is shown as a possibility, and no rule is held against it. */
    val isLikely: Boolean get() = probability >= LIKELY

    companion object {
        /** From this probability on, a reason is likelier than not. */
        const val LIKELY = 0.5
    }
}

/**
 * The words that carried [label] (a tag or a reason code): code points `[start, end)` of the text, not UTF-16 units, with their
 * share of what spoke for it (0 to 1).
 */
data class Span(val start: Int, val end: Int, val label: String, val weight: Double) {
    /** The same words as UTF-16 units of [text], the way Kotlin and Android count. */
    fun utf16(text: String): IntRange {
        val first = text.offsetByCodePoints(0, start)
        return first until text.offsetByCodePoints(first, end - start)
    }
}

/**
 * What the model says of one text.
 *
 * [probabilities] has every tag, in the model's order, from least to gravest. [reasons] come surest first, [spans] tag first, then
 * by reason. [needsReview] marks what a person should look at before relying on it.
 */
data class Tagging(
    val tag: String,
    val probabilities: Map<String, Double>,
    val reasons: List<Reason> = emptyList(),
    val spans: List<Span> = emptyList(),
    val needsReview: Boolean = false,
) {
    /** How sure the model is of [tag]. */
    val probability: Double get() = probabilities.getValue(tag)
}
