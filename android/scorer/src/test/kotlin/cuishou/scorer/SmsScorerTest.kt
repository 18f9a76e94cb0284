package cuishou.scorer

import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

class SmsScorerTest {
    private val scorer = Files.scorer
    private val threat = "再不还钱就把你欠款的事发给你通讯录里所有人，让你全家抬不起头"

    private fun tag(text: String) = scorer.tag(listOf(text)).single()

    @Test
    fun `no texts have no taggings`() = assertEquals(emptyList<Tagging>(), scorer.tag(emptyList()))

    @Test
    fun `an empty text has no tokens and is other`() {
        assertEquals("other", tag("").tag)
        assertEquals(listOf(emptyList<Int>()), scorer.tokenStarts(listOf("")))
    }

    @ParameterizedTest
    @ValueSource(strings = ["😀", "\ud83d", "\ude00\ud83d", "逾\ud83d期", "\u0000", "\uffff", "\udbff\udfff"])
    fun `odd characters are tagged`(text: String) {
        val probabilities = tag(text).probabilities.values
        assertEquals(1.0, probabilities.sum(), 1e-4)
    }

    @Test
    fun `long texts are tagged, and among short ones as alone`() {
        val long = "请您尽快还款。".repeat(1000).take(5000)
        val found = scorer.tag(listOf("您好", long, ""))
        assertEquals(tag(long).tag, found[1].tag)
        // the last digit of a product depends on how many messages are multiplied at once
        for ((name, probability) in tag("您好").probabilities) assertEquals(probability, found[0].probabilities.getValue(name), 1e-5)
    }

    @Test
    fun `more texts than one run takes come back in order`() {
        val texts = List(3000) { if (it % 3 == 0) threat else "您的快递$it 已到" }
        val found = scorer.tag(texts)
        assertEquals(texts.size, found.size)
        val (ofThreat, ofParcel) = tag(threat).tag to "other"
        found.forEachIndexed { place, tagging -> assertEquals(if (place % 3 == 0) ofThreat else ofParcel, tagging.tag) }
    }

    @Test
    fun `a threat has reasons and spans in the text`() {
        val tagging = tag(threat)
        assertEquals("unlawful", tagging.tag)
        assertTrue(tagging.reasons.isNotEmpty())
        assertEquals(tagging.reasons.sortedByDescending { it.probability }, tagging.reasons)
        val labels = setOf(tagging.tag) + tagging.reasons.map { it.code }
        assertEquals(labels, tagging.spans.map { it.label }.toSet())
        tagging.spans.forEach { assertTrue(it.start in 0 until it.end && it.end <= threat.length && it.weight in 0.0..1.0001) }
    }

    @Test
    fun `what is no collection has neither reasons nor spans`() {
        val tagging = tag("您的快递已到，取件码 3-2-1008")
        assertEquals(Triple("other", emptyList<Reason>(), emptyList<Span>()), Triple(tagging.tag, tagging.reasons, tagging.spans))
    }

    @Test
    fun `spans count code points and convert to UTF-16`() {
        val text = "😀😀$threat"
        tag(text).spans.forEach { span ->
            val codes = codePoints(text).copyOfRange(span.start, span.end)
            assertEquals(String(codes, 0, codes.size), text.substring(span.utf16(text)))
        }
        assertEquals("逾期", "😀逾期".substring(Span(1, 3, "unlawful", 1.0).utf16("😀逾期")))
    }

    @Test
    fun `code points are those of the text`() {
        assertArrayEquals(intArrayOf(), codePoints(""))
        assertArrayEquals(intArrayOf(0x1f600, 0xd83d, 0x8fd8, 0xde00), codePoints("😀\ud83d还\ude00"))
    }

    @Test
    fun `several threads may tag at once`() {
        val expected = tag(threat)
        val found = java.util.Collections.synchronizedList(ArrayList<Tagging>())
        List(4) { Thread { repeat(20) { found += tag(threat) } }.apply { start() } }.forEach(Thread::join)
        assertEquals(List(80) { expected }, found)
    }

    @ParameterizedTest
    @ValueSource(strings = ["", "not a model", "PK\u0003\u0004"])
    fun `bytes that are no model are refused`(bytes: String) {
        val error = assertThrows(ModelException::class.java) { SmsScorer(bytes.toByteArray()) }
        assertTrue("no ONNX" in error.message!!, error.message)
    }

    @Test
    fun `a truncated model is refused`() {
        val model = Files.model()
        assertThrows(ModelException::class.java) { SmsScorer(model.copyOf(model.size / 2)) }
    }

    @Test
    fun `threads must be at least one`() {
        assertThrows(IllegalArgumentException::class.java) { SmsScorer(Files.model(), threads = 0) }
    }
}
