package cuishou.scorer

/** What a character must bring to count, as a part of the mean of those that speak for the score. */
private const val THRESHOLD = 0.85f

/** Spans that bring less than this part of what speaks for the score are left out. */
private const val LEAST_SHARE = 0.12
private const val MOST_SPANS = 3

/** Characters by which an end of a span may move to that of its word; what is longer is a link or a number. */
private const val FARTHEST = 4

/** A character between two spans that keeps them apart. */
private val STOPS = "。！？!?；;\n\r".map { it.code }.toSet()

/** Words that say nothing by themselves, as in `cuishou/spans.py`. */
private val FUNCTION = "你您我他她它们的了是在就都也还又再才吗吧呢啊和与及或跟让给把被将会要能可请这那有个不没为以于到从向对着过来去".map { it.toString() }.toSet() +
    setOf("你们", "我们", "他们", "她们", "如果", "已经", "可以", "就是", "还是", "不要", "没有", "什么", "这个", "那个", "以及", "进行", "关于")

/** Of those, what may fall off the beginning or the end of a longer span without changing what it says. */
private val LOOSE_FIRST = "的了和与及或也就".map { it.code }.toSet()
private val LOOSE_LAST = "您你我他她的了和与及或也就对从向在是".map { it.code }.toSet()

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

/**
 * [spans] of the text [codes] as a person reads them, heaviest first: whole words without punctuation around them. [starts] (one a
 * character): where a word starts. The same rule as `cuishou/spans.py`.
 */
fun onWords(spans: List<Carrying>, codes: IntArray, starts: BooleanArray): List<Carrying> {
    val whole = spans.map { span ->
        val (first, last) = trimmed(codes, span.start, span.end)
        val (start, end) = trimmed(codes, word(first, starts, -1), word(last, starts, 1))
        val (from, to) = tightened(codes, start, end, starts)
        Carrying(from, to, span.share)
    }
    val joined = ArrayList<Carrying>()
    for (span in whole.sortedWith(compareBy({ it.start }, { it.end }, { it.share }))) {
        val before = joined.lastOrNull()
        if (before != null && (span.start <= before.end || (span.start == before.end + 1 && codes[span.start - 1] !in STOPS))) {
            joined[joined.lastIndex] = Carrying(before.start, maxOf(before.end, span.end), minOf(rounded(before.share + span.share, 4), 1.0))
        } else {
            joined += span
        }
    }
    joined.sortWith(compareBy<Carrying> { -it.share }.thenBy { it.start })
    val telling = joined.filter { span -> (span.start until span.end).any { isWord(codes[it]) } }.ifEmpty { joined }
    return telling.filter { String(codes, it.start, it.end - it.start) !in FUNCTION }.ifEmpty { telling }
}

/** The places `[start, end)` without single words at their ends that add nothing; two characters stay at least. */
private fun tightened(codes: IntArray, start: Int, end: Int, starts: BooleanArray): Pair<Int, Int> {
    var (first, last) = start to end
    while (last - first > 2 && codes[last - 1] in LOOSE_LAST && starts[last - 1]) {
        trimmed(codes, first, last - 1).let { first = it.first; last = it.second }
    }
    while (last - first > 2 && codes[first] in LOOSE_FIRST && starts[first + 1]) {
        trimmed(codes, first + 1, last).let { first = it.first; last = it.second }
    }
    return first to last
}

/** The edge of a word at [place] or in the direction [way] from it; [place] where that is too far. */
private fun word(place: Int, starts: BooleanArray, way: Int): Int {
    var at = place
    repeat(FARTHEST + 1) {
        if (at <= 0 || at >= starts.size || starts[at]) return at
        at += way
    }
    return place
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
