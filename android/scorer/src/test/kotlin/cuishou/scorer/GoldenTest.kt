package cuishou.scorer

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Every text of `model/golden.jsonl` gets the same token starts, tag and scores here as in Python. */
class GoldenTest {
    private class Golden(record: Map<*, *>) {
        val text = record["text"] as String
        val tokenStarts = (record["token_starts"] as List<*>).map { (it as Long).toInt() }
        val tag = record["tag"] as String
        val tagProbabilities = numbers(record["tag_probabilities"])
        val reasonProbabilities = numbers(record["reason_probabilities"])
        val shown = if (text.length > 60) text.take(60) + "..." else text

        private fun numbers(values: Any?) = (values as List<*>).map { (it as Number).toDouble() }
    }

    private val golden = Files.golden.readLines().map { Golden(Json.parse(it) as Map<*, *>) }
    private val texts = golden.map { it.text }

    @Test
    fun `there are enough texts to tell`() = assertTrue(golden.size > 300)

    @Test
    fun `token starts are equal`() {
        golden.zip(Files.scorer.tokenStarts(texts)).forEach { (expected, starts) ->
            assertEquals(expected.tokenStarts, starts, expected.shown)
        }
    }

    @Test
    fun `tags and their probabilities are equal`() {
        golden.zip(Files.scorer.tag(texts)).forEach { (expected, tagging) ->
            assertEquals(expected.tag, tagging.tag, expected.shown)
            assertEquals(Files.scorer.metadata.tags, tagging.probabilities.keys.toList())
            assertClose(expected.tagProbabilities, tagging.probabilities.values.toList(), expected.shown)
        }
    }

    @Test
    fun `probabilities of reasons are equal`() {
        golden.zip(Files.scorer.reasonProbabilities(texts)).forEach { (expected, found) ->
            assertClose(expected.reasonProbabilities, found.map { it.toDouble() }, expected.shown)
        }
    }

    @Test
    fun `a text alone is tagged as among others`() {
        val together = Files.scorer.tag(texts)
        golden.indices.filter { it % 7 == 0 }.forEach {
            val alone = Files.scorer.tag(listOf(texts[it])).single()
            assertEquals(together[it].tag, alone.tag, golden[it].shown)
            assertClose(together[it].probabilities.values.toList(), alone.probabilities.values.toList(), golden[it].shown)
        }
    }

    private fun assertClose(expected: List<Double>, found: List<Double>, text: String) {
        assertEquals(expected.size, found.size, text)
        expected.zip(found).forEach { (one, other) -> assertEquals(one, other, 1e-4, text) }
    }
}
