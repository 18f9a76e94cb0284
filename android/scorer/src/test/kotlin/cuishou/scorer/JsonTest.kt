package cuishou.scorer

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

class JsonTest {
    @Test
    fun values() {
        assertEquals(emptyMap<String, Any>(), Json.parse("{}"))
        assertEquals(emptyList<Any>(), Json.parse(" [ ] "))
        assertEquals(mapOf("a" to listOf(1L, -2.5, true, false, null, "b")), Json.parse("""{"a" : [1, -2.5,true,false, null,"b"]}"""))
        assertEquals(1e-05, Json.parse("1e-05"))
        assertEquals("9".repeat(19).toDouble(), Json.parse("9".repeat(19)), "too large for a Long")
    }

    @Test
    fun strings() {
        assertEquals("\"\\/\b\u000c\n\r\t还😀", Json.parse(""""\"\\\/\b\f\n\r\t\u8fd8\ud83d\ude00""""))
        assertEquals("\ud83d", Json.parse(""""\ud83d""""))
        assertEquals("a\nb", Json.parse("\"a\nb\""))
    }

    @ParameterizedTest
    @ValueSource(strings = ["", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\u", "nul", "-", "1.2.3", "1 2", "'a'"])
    fun `what is no JSON is refused`(text: String) {
        assertThrows(JsonException::class.java) { Json.parse(text) }
    }

    @Test
    fun `nesting without end is refused`() {
        assertTrue("deep" in assertThrows(JsonException::class.java) { Json.parse("[".repeat(100_000)) }.message!!)
    }

    @Test
    fun `elements come one at a time, before a fault further on`() {
        val found = ArrayList<Any?>()
        assertThrows(JsonException::class.java) { Json("[1, {\"a\": 2}, oops".reader()).elements().forEach(found::add) }
        assertEquals(listOf(1L, mapOf("a" to 2L)), found)
        assertEquals(emptyList<Any>(), Json("[]".reader()).elements().toList())
    }
}
