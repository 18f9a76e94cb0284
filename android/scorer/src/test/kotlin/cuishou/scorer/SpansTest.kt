package cuishou.scorer

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The cases of `tests/test_spans.py`: two programs, one rule. */
class SpansTest {
    private fun spans(vararg contributions: Number) =
        carryingSpans(FloatArray(contributions.size) { contributions[it].toFloat() }).map { Triple(it.start, it.end, it.share) }

    private fun stretches(vararg scores: Int) = maximalStretches(DoubleArray(scores.size) { scores[it].toDouble() })

    private fun trimmed(text: String, start: Int, end: Int) = trimmed(codePoints(text), start, end)

    /** Spans of [text], whose words stand between bars, as they are shown. */
    private fun words(text: String, vararg spans: Pair<String, Double>): List<Pair<String, Double>> {
        val plain = text.replace("|", "")
        val starts = BooleanArray(plain.length)
        text.split("|").fold(0) { place, word -> place + word.length.also { if (place < plain.length) starts[place] = true } }
        val carried = spans.map { (part, share) -> plain.indexOf(part).let { Carrying(it, it + part.length, share) } }
        return onWords(carried, codePoints(plain), starts).map { plain.substring(it.start, it.end) to it.share }
    }

    @Test
    fun `spans are words that tell something`() {
        assertEquals(emptyList<Any>(), words(""))
        assertEquals(listOf("明天我就上门" to 0.5), words("明天|我|就|上门", "天我就上" to 0.5))
        assertEquals(listOf("你，让" to 0.7), words("你|，|让|你|全家|死", "你" to 0.3, "，" to 0.2, "让" to 0.2))
        assertEquals(listOf("上门" to 0.3), words("马上|还|。|上门|找|你", "还" to 0.4, "上门" to 0.3))
        assertEquals(listOf("上门" to 0.4, "找人" to 0.3), words("上门|。|找|人", "上门" to 0.4, "找人" to 0.3))
        assertEquals(listOf("。" to 0.9), words("。|。|你", "。" to 0.9))
        assertEquals(listOf("你" to 0.9), words("你|好", "你" to 0.9))
        assertEquals(listOf("公安机关" to 0.6), words("公安机关|对|您|采取", "公安机关对您" to 0.6))
        assertEquals(listOf("example" to 0.6), words("http://a.example.com/long", "example" to 0.6))
    }

    @Test
    fun `stretches are maximal`() {
        assertEquals(emptyList<Any>(), stretches())
        assertEquals(emptyList<Any>(), stretches(-1, 0))
        assertEquals(listOf(0 to 1), stretches(2))
        assertEquals(listOf(0 to 1, 2 to 3), stretches(1, -1, 1))
        assertEquals(listOf(0 to 3), stretches(2, -1, 2))
        assertEquals(listOf(0 to 1, 2 to 3, 4 to 11), stretches(4, -5, 3, -3, 1, 2, -2, 2, -2, 1, 5))
    }

    @Test
    fun `what speaks for nothing has no spans`() {
        assertEquals(emptyList<Any>(), spans())
        assertEquals(emptyList<Any>(), spans(0, -1, -2))
    }

    @Test
    fun `words with a small gap join, with a wide one stay apart`() {
        assertEquals(listOf(Triple(2, 4, 1.0)), spans(-1, 0, 3, 3, 0))
        assertEquals(listOf(Triple(0, 5, 1.0)), spans(3, 3, 2, 3, 3))
        assertEquals(listOf(Triple(0, 1, 0.5455), Triple(7, 8, 0.4545)), spans(3, 0, 0, 0, 0, 0, 0, 2.5))
    }

    @Test
    fun `no more than three, no crumbs, but at least one`() {
        val gap = arrayOf<Number>(-5, -5, -5, -5, -5)
        assertEquals(3, spans(1, *gap, 1, *gap, 1, *gap, 1, *gap, 1).size)
        assertEquals(listOf(Triple(0, 1, 0.9135)), spans(95, *gap, 9))
        assertEquals(1, spans(*Array<Number>(40) { if (it % 2 == 0) 1 else -5 }).size)
    }

    @Test
    fun `spans end on words`() {
        assertEquals(0 to 0, trimmed("", 0, 0))
        assertEquals(1 to 3, trimmed("，还款。", 0, 4))
        assertEquals(0 to 3, trimmed("还，款", 0, 3))
        assertEquals(0 to 2, trimmed("。。", 0, 2))
        assertEquals(1 to 2, trimmed("(①)", 0, 3))
    }
}
