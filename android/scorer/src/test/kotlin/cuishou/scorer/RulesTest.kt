package cuishou.scorer

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What is shown, on a model of two characters' worth of numbers: no figure here depends on training. */
class RulesTest {
    private class Numbers(val tag: Long, val tags: List<Float>, val reasons: List<Float>, override val metadata: Map<String, String>) :
        Engine {
        var closed = false

        var explained = 0

        override fun score(batch: Batch) = Scores(
            LongArray(batch.rows) { tag },
            FloatArray(batch.rows * tags.size) { tags[it % tags.size] },
            FloatArray(batch.rows * reasons.size) { reasons[it % reasons.size] },
        )

        override fun contributions(batch: Batch): FloatArray {
            explained += batch.rows
            return FloatArray(batch.rows * batch.columns * (tags.size + reasons.size))
        }

        override fun tokenStarts(batch: Batch) = BooleanArray(batch.rows * batch.columns)

        override fun close() {
            closed = true
        }
    }

    private val metadata = mapOf(
        "format" to Metadata.FORMAT,
        "version" to "1",
        "tags" to """["other", "pressure", "unlawful"]""",
        "reasons" to """["A", "B", "FLAG"]""",
        "flags" to """["FLAG"]""",
        "review_below" to "0.9",
        "reason_thresholds" to """{"A": 0.5, "B": 0.25, "FLAG": 0.5}""",
    )

    private fun tag(tag: Long, probability: Float, vararg reasons: Float): Tagging {
        val tags = List(3) { if (it.toLong() == tag) probability else (1 - probability) / 2 }
        return SmsScorer(Numbers(tag, tags, reasons.toList(), metadata)).tag(listOf("还款")).single()
    }

    private fun codes(tag: Long, vararg reasons: Float) = tag(tag, 0.9f, *reasons).reasons.map { it.code }

    @Test
    fun `reasons reach their own threshold, surest first`() {
        assertEquals(listOf("FLAG", "A", "B"), codes(2, 0.5f, 0.25f, 0.9f))
        assertEquals(listOf("B"), codes(2, 0.49f, 0.25f, 0.49f))
    }

    @Test
    fun `the gravest tag always has a reason, and a flag is none`() {
        assertEquals(listOf("A"), codes(2, 0.2f, 0.1f, 0.1f))
        assertEquals(listOf("FLAG", "B"), codes(2, 0.1f, 0.2f, 0.9f))
    }

    @Test
    fun `milder collection has flags only, and no collection nothing`() {
        assertEquals(listOf("FLAG"), codes(1, 0.9f, 0.9f, 0.9f))
        assertEquals(emptyList<String>(), codes(0, 0.9f, 0.9f, 0.9f))
    }

    @Test
    fun `an unsure tagging is marked for review`() {
        assertTrue(tag(2, 0.89f, 1f, 1f, 1f).needsReview)
        assertTrue(!tag(2, 0.91f, 1f, 1f, 1f).needsReview)
    }

    @Test
    fun `only collection is explained, and only when asked`() {
        fun explained(tag: Long, explain: Boolean): Int {
            val engine = Numbers(tag, listOf(0.3f, 0.3f, 0.4f), listOf(0f, 0f, 0f), metadata)
            SmsScorer(engine).tag(listOf("还款", "逾期"), explain)
            return engine.explained
        }
        assertEquals(listOf(0, 2, 2), listOf(0L, 1L, 2L).map { explained(it, explain = true) })
        assertEquals(0, explained(2, explain = false))
    }

    private fun refused(values: Map<String, String>): String {
        val engine = Numbers(0, listOf(1f), listOf(), values)
        val error = assertThrows(ModelException::class.java) { SmsScorer(engine) }
        assertTrue(engine.closed, "the model's memory is freed")
        return error.message!!
    }

    @Test
    fun `a model of something else is refused`() {
        assertTrue("no 'format'" in refused(mapOf("version" to "1")))
    }

    @Test
    fun `a model of another time is refused with what to do`() {
        val message = refused(metadata + ("format" to "cuishou/9"))
        assertTrue("cuishou/9" in message && Metadata.FORMAT in message && "Use the version" in message, message)
    }

    @Test
    fun `damaged metadata is refused`() {
        for (key in metadata.keys - "format") {
            assertTrue("damaged" in refused(metadata - key), key)
            if (key != "version") assertTrue("damaged" in refused(metadata + (key to "{")), key)
        }
        assertTrue("no threshold for B" in refused(metadata + ("reason_thresholds" to """{"A": 0.5, "FLAG": 0.5}""")))
    }
}
