package cuishou.messages

import cuishou.scorer.Reason
import cuishou.scorer.Span
import cuishou.scorer.Tagging
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource

/** With a small code book; that the packed one says what Python says, `compare_tables.py` shows. */
class CodebookTest {
    private val codebook = book()

    private fun finding(
        body: String, codes: Map<String, Double> = mapOf("INSULT" to 0.8), day: String? = "2024-01-01", address: String = "106",
        contact: String? = null, tag: String = "unlawful", familiar: Boolean = false,
    ): Finding {
        val moment = day?.let { Moment.of(java.time.Instant.parse("${it}T01:00:00Z").toEpochMilli().toString()) }
        val tagging = Tagging(tag, mapOf(tag to 0.9), codes.map { (code, sure) -> Reason(code, sure) })
        return Finding(Message(body, address, receivedAt = moment, contact = contact), tagging, 1, codebook.signature(body), familiar)
    }

    @Test
    fun `who gives a name hides none, and the flag of who does not comes last`() {
        val reasons = listOf(Reason("HIDDEN", 0.9), Reason("INSULT", 0.8), Reason("NEW", 0.7))
        val tagging = Tagging("unlawful", mapOf("unlawful" to 0.9), reasons, reasons.map { Span(0, 1, it.code, 0.5) })
        for (body in listOf("【某贷】还钱", "还钱【某贷】", "【通知】还钱【某贷】", "某银行提醒：还钱", "还钱，某银行", "😀".repeat(30) + "某银行")) {
            val alleged = codebook.alleged(body, tagging)
            assertEquals(listOf("INSULT", "NEW"), alleged.reasons.map { it.code }, body)
            assertEquals(listOf("INSULT", "NEW"), alleged.spans.map { it.label }, body)
        }
        for (body in listOf("", "还钱", "【通知】还钱", "您银行", "某银行" + "😀".repeat(30))) {
            val alleged = codebook.alleged(body, tagging)
            assertEquals(listOf("INSULT", "NEW", "HIDDEN"), alleged.reasons.map { it.code }, body)
            assertEquals(tagging.spans, alleged.spans, body)
        }
    }

    @Test
    fun `a sender is known by the signature`() {
        fun sender(body: String, address: String = "106", contact: String? = null) = finding(body, address = address, contact = contact).sender
        assertEquals("某贷", sender("【某贷】您已逾期", contact = "李四"))
        assertEquals("某貸", sender("【 某\u200b貸 】您已逾期"))
        assertEquals("某贷", sender("您已逾期【 某贷 】 "))
        assertEquals("某贷", sender("【重要*通知】您已逾期【某贷】回T退订"))
        assertEquals("李四", sender("您好【中】间", contact = "李四"))
        assertEquals("106", sender("[]您好"))
        assertEquals("106", sender("【通知】"))
        assertEquals("?", sender("您好", address = ""))
        assertEquals("106", sender("\ud83d】"))
        assertEquals("106", sender("😀".repeat(100) + "】"))
        assertEquals("某贷", sender("😀".repeat(100) + "【某贷】"))
    }

    @Test
    fun `grounds are those of code, day, sender and company`() {
        fun grounds(day: String?, body: String = "【某银行】", vararg codes: String) =
            codebook.bases(finding(body, (listOf("INSULT") + codes).associateWith { 0.5 }, day), "zh").first()
        assertEquals(Codebook.Basis("INSULT", listOf("old", "bank")), grounds("2023-12-31"))
        assertEquals(listOf("new", "bank"), grounds("2024-01-01").sentences)
        assertEquals(listOf("new", "bank", "with"), grounds("2024-01-01", codes = arrayOf("X")).sentences)
        assertEquals(listOf("new"), grounds("2024-01-01", "【某小贷】").sentences)
        assertEquals(listOf("new", "bank"), grounds("2024-01-01", "【某小贷】受某银行委托").sentences)
        assertEquals(listOf("new", "若bank"), grounds("2024-01-01", "无署名").sentences)
        assertEquals(listOf("未列依据"), grounds("2020-12-31").sentences)
        assertEquals(listOf("日期不明"), grounds(null).sentences)
        assertEquals(listOf("未列依据"), codebook.bases(finding("a", mapOf("NEW" to 0.9)), "zh").single().sentences)
        assertEquals("NEW", codebook.reason("NEW", "zh"))
    }

    @Test
    fun `no rule is held against what is unlikely, passed on or the owner's`() {
        assertEquals(emptyList<Any>(), codebook.bases(finding("a", mapOf("INSULT" to 0.49)), "zh"))
        assertEquals(emptyList<Any>(), codebook.bases(finding("a", familiar = true), "zh"))
        assertEquals(emptyList<Any>(), codebook.bases(Finding(Message("a"), null), "zh"))
    }

    @Test
    fun `where to turn depends on the kind of sender and on the reasons`() {
        fun turns(vararg findings: Finding) = codebook.whereToTurn(findings.toList(), "zh").associate { it.sentence to codebook.about(it, "zh") }
        assertEquals(emptyMap<String, String>(), turns())
        assertEquals(emptyMap<String, String>(), turns(finding("a", tag = "other"), finding("a", familiar = true), Finding(Message("a"), null)))
        assertEquals(mapOf("债权人" to "全部", "12378" to "全部"), turns(finding("【某银行】", emptyMap())))
        assertEquals(mapOf("债权人" to "全部", "12345" to "全部", "110" to "全部"), turns(finding("a")))
        assertEquals(
            mapOf("债权人" to "全部", "12378" to "适用于：甲（受某银行委托）", "12345" to "适用于：106", "110" to "适用于：甲（受某银行委托）"),
            turns(finding("【甲】", emptyMap()), finding("【甲】受某银行委托"), finding("a", emptyMap())),
        )
        val many = (1..8).map { finding("a", emptyMap(), address = "1390000000$it") } + finding("【某银行】", emptyMap())
        assertTrue(turns(*many.toTypedArray()).getValue("12345").endsWith("13900000006等，另 2 个"))
        assertEquals(listOf("留证", "先核实"), codebook.steps("zh"))
    }

    /** As in `tests/test_acquaintances.py`; the last is the one in question. */
    private class Chat(
        val ordinary: Int = 3, val demands: Int = 1, val sent: Int = 1, val number: String = "13900000001", val contact: String? = null,
    ) {
        fun findings(): List<Finding> {
            fun received(body: String, tag: String) = Finding(Message(body, number, contact = contact), Tagging(tag, mapOf(tag to 1.0)))
            return List(ordinary) { received("吃饭没", "other") } +
                List(sent) { Finding(Message("好", number, Direction.OUT), null) } +
                List(demands) { received("你看这个：不还钱就上门", "unlawful") }
        }

        override fun toString() = "$ordinary ordinary, $demands demands, $sent sent, $number, $contact"
    }

    private fun knows(findings: List<Finding>) = codebook.recognised(findings).also { assertEquals(findings.size, it.size) }.last().isFamiliar

    @ParameterizedTest
    @MethodSource("friends")
    fun `whom one writes with is known`(chat: Any) = assertTrue(knows((chat as Chat).findings()))

    @ParameterizedTest
    @MethodSource("strangers")
    fun `others are strangers`(chat: Any) = assertFalse(knows((chat as Chat).findings()))

    @Test
    fun `one number is the same with and without its country, and a company may write from anywhere`() {
        assertEquals(emptyList<Finding>(), codebook.recognised(emptyList()))
        assertTrue(knows(Chat().findings() + finding("还钱", address = "+86 139-0000-0001")))
        assertFalse(knows(Chat().findings() + finding("【砺川咨询】请还款", address = "13900000001")))
        assertEquals(listOf(true, true, true, null, true), codebook.recognised(Chat().findings()).map { it.familiar })
        assertEquals(listOf(false, null, false), codebook.recognised(Chat(ordinary = 1).findings()).map { it.familiar })
    }

    @Test
    fun `whom a name alone speaks for has to be checked`() {
        fun saved(chat: Chat) = codebook.recognised(chat.findings()).last().saved
        assertTrue(saved(Chat(ordinary = 0, sent = 0, contact = "王小明")))
        assertFalse(saved(Chat(contact = "王小明")))
    }

    private companion object {
        @JvmStatic
        fun friends() = listOf(
            Chat(), Chat(sent = 0, contact = "妈"), Chat(number = "", contact = "妈"),
            Chat(ordinary = 0, demands = 2, sent = 0, contact = "王小明"), Chat(ordinary = 0, sent = 0, contact = "敏 敏"),
        )

        @JvmStatic
        fun strangers() = listOf(
            Chat(ordinary = 2), Chat(demands = 3), Chat(sent = 0), Chat(ordinary = 0, contact = "催收的，别接"), Chat(number = "10690000123"),
            Chat(number = "+8695588"), Chat(number = ""), Chat(ordinary = 0, demands = 3, sent = 0, contact = "王小明"),
            Chat(ordinary = 0, sent = 0, contact = "王律师"), Chat(ordinary = 0, sent = 0, contact = "王小明", number = "10690000123"),
        )
    }
}
