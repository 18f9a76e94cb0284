package cuishou.scorer

/** What a character must bring to count, as a part of the mean of those that speak for the score. */
private const val THRESHOLD = 0.85f

/** Spans that bring less than this part of what speaks for the score are left out. */
private const val LEAST_SHARE = 0.12
private const val MOST_SPANS = 3

/** Places `[start, end)` and their [share] of what spoke for a score. */
data class Carrying(val start: Int, val end: Int, val share: Double)

/**
 * The spans that carried a score, heaviest first. [contributions] (one a character): what each adds to the score.
 *
 * A character that adds little costs a span something, so that words with a gap of a character or two between them join; then the
 * maximal scoring stretches are taken. The same rule, with the same numbers, as `cuishou/spans.py`.
 */
fun carryingSpans(contributions: FloatArray): List<Carrying> {
    val total = contributions.sumOf { if (it > 0) it.toDouble() else 0.0 }
    if (total < java.lang.Float.MIN_NORMAL) return emptyList() // a part of such a number rounds to the number itself
    val cost = THRESHOLD * (total / contributions.count { it > 0 }).toFloat()
    val spans = maximalStretches(DoubleArray(contributions.size) { (contributions[it] - cost).toDouble() })
        .map { (start, end) ->
            val carried = (start until end).sumOf { maxOf(contributions[it], 0f).toDouble() }
            Carrying(start, end, rounded(carried / total, 4))
        }
        .sortedWith(compareBy<Carrying> { -it.share }.thenBy { it.start })
    return spans.take(MOST_SPANS).filter { it.share >= LEAST_SHARE }.ifEmpty { spans.take(1) }
}

/** The places `[start, end)` of [codes] without punctuation at their ends; as they are when there is nothing else in them. */
fun trimmed(codes: IntArray, start: Int, end: Int): Pair<Int, Int> {
    val first = (start until end).firstOrNull { isWord(codes[it]) } ?: return start to end
    val last = (end - 1 downTo first).first { isWord(codes[it]) }
    return first to last + 1
}

/** Letters, digits and other numbers (①, Ⅷ), as Python's `isalnum` has it. */
private fun isWord(code: Int): Boolean = Character.isLetterOrDigit(code) || when (Character.getType(code).toByte()) {
    Character.OTHER_NUMBER, Character.LETTER_NUMBER -> true
    else -> false
}

/**
 * All maximal scoring subsequences `[start, end)`, in order, in linear time.
 *
 * Ruzzo and Tompa, "A Linear Time Algorithm for Finding All Maximal Scoring Subsequences", ISMB 1999.
 */
fun maximalStretches(scores: DoubleArray): List<Pair<Int, Int>> {
    class Stretch(val start: Int, val end: Int, val low: Double, val high: Double)

    val found = ArrayList<Stretch>()
    var total = 0.0
    for (place in scores.indices) {
        val before = total
        total += scores[place]
        if (scores[place] <= 0) continue
        var start = place
        var low = before
        while (true) {
            val left = found.indexOfLast { it.low < low }
            if (left < 0 || found[left].high >= total) {
                found += Stretch(start, place + 1, low, total)
                break
            }
            start = found[left].start
            low = found[left].low
            found.subList(left, found.size).clear()
        }
    }
    return found.map { it.start to it.end }
}
