package cuishou.messages

import cuishou.scorer.Tagging
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ShownTest {
    @Test
    fun `what would act on the screen is written out`() {
        assertEquals("\\u202e款还\\u200b\\u0007\\ufeff", Shown("\u202e款还\u200b\u0007\ufeff").text)
        assertEquals("\\ud83d😀", Shown("\ud83d😀").text)
        assertEquals("a b\n<b>&amp;", Shown("a\tb\n<b>&amp;").text)
        assertEquals("", Shown("").text)
    }

    @Test
    fun `places move with what was written out`() {
        val shown = Shown("\u202e逾\u0000期")
        assertEquals("逾\\u0000期", shown.text.substring(shown.range(1..3)))
        assertEquals("\\u202e", shown.text.substring(shown.range(0..0)))
    }

    @Test
    fun `a filter shows what has all of it`() {
        fun finding(tag: String?, review: Boolean = false) =
            Finding(Message("【某贷】您已逾期 APP", "10690001"), tag?.let { Tagging(it, mapOf(it to 1.0), needsReview = review) })
        assertTrue(Filter().shows(finding("other")))
        assertFalse(Filter().shows(finding(null)))
        assertTrue(Filter("other").shows(finding("other")))
        assertFalse(Filter("other").shows(finding("unlawful")))
        assertFalse(Filter(onlyReview = true).shows(finding("other")))
        assertTrue(Filter(onlyReview = true).shows(finding("other", review = true)))
        assertTrue(Filter(words = " app  1069　某贷").shows(finding("other")))
        assertFalse(Filter(words = "app 95550").shows(finding("other")))
    }
}
