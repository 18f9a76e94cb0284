package cuishou.scorer

import java.io.Reader

/** Text that is no JSON; the message says what was found and at which character. */
class JsonException(message: String) : Exception(message)

/**
 * Reads JSON (RFC 8259) as plain Kotlin values: `Map<String, Any?>`, `List<Any?>`, `String`, `Double` or `Long`, `Boolean`, null.
 *
 * Android's own reader isn't there on the JVM and the other way round, and a backup must be read alike on both. An array can be
 * streamed with [elements]. A lone surrogate in an escape stays one.
 */
class Json(private val source: Reader) {
    private var peeked = UNREAD
    private var place = 0L

    /** The next value. Throws [JsonException] when there is none, or when it's nested deeper than any backup is. */
    fun value(): Any? = value(0)

    /** Whether something other than white space is left. */
    fun hasMore(): Boolean = peekPastSpace() >= 0

    /** The elements of the array that comes next, one at a time: whatever its size, only one is in memory. */
    fun elements(): Sequence<Any?> = sequence {
        expect('[')
        if (peekPastSpace() == ']'.code) {
            next()
            return@sequence
        }
        while (true) {
            yield(value(1))
            if (separator(']')) return@sequence
        }
    }

    private fun value(depth: Int): Any? {
        if (depth > MOST_DEPTH) throw fault("nested more than $MOST_DEPTH deep")
        return when (val first = peekPastSpace()) {
            '{'.code -> members(depth)
            '['.code -> list(depth)
            '"'.code -> string()
            in '0'.code..'9'.code, '-'.code -> number()
            't'.code -> word("true", true)
            'f'.code -> word("false", false)
            'n'.code -> word("null", null)
            else -> throw fault(if (first < 0) "the text ends" else "found ${shown(first)}")
        }
    }

    private fun members(depth: Int): Map<String, Any?> {
        val members = LinkedHashMap<String, Any?>()
        expect('{')
        if (peekPastSpace() == '}'.code) {
            next()
            return members
        }
        do {
            peekPastSpace()
            val name = string()
            expect(':')
            members[name] = value(depth + 1)
        } while (!separator('}'))
        return members
    }

    private fun list(depth: Int): List<Any?> {
        val items = ArrayList<Any?>()
        expect('[')
        if (peekPastSpace() == ']'.code) {
            next()
            return items
        }
        do {
            items += value(depth + 1)
        } while (!separator(']'))
        return items
    }

    /** True at [end], false at a comma. */
    private fun separator(end: Char): Boolean = when (val code = peekPastSpace()) {
        end.code -> true.also { next() }
        ','.code -> false.also { next() }
        else -> throw fault("expected , or $end, " + if (code < 0) "but the text ends" else "found ${shown(code)}")
    }

    private fun string(): String {
        expect('"')
        val text = StringBuilder()
        while (true) {
            when (val code = next()) {
                -1 -> throw fault("the text ends inside a string")
                '"'.code -> return text.toString()
                '\\'.code -> text.append(escape())
                else -> text.append(code.toChar()) // also raw control characters: exporters write them
            }
        }
    }

    private fun escape(): Char = when (val code = next()) {
        '"'.code, '\\'.code, '/'.code -> code.toChar()
        'b'.code -> '\b'
        'f'.code -> '\u000c'
        'n'.code -> '\n'
        'r'.code -> '\r'
        't'.code -> '\t'
        'u'.code -> (1..4).fold(0) { unit, _ -> unit * 16 + hex(next()) }.toChar()
        else -> throw fault("no such escape: \\${shown(code)}")
    }

    private fun hex(code: Int): Int =
        if (code in 0..127) Character.digit(code, 16).takeIf { it >= 0 } ?: throw fault("found ${shown(code)} in \\u")
        else throw fault("found ${shown(code)} in \\u")

    private fun number(): Number {
        val text = StringBuilder()
        while (peek() >= 0 && peek().toChar() in "+-.eE0123456789" && text.length < MOST_DIGITS) text.append(next().toChar())
        return text.toString().toLongOrNull() ?: text.toString().toDoubleOrNull() ?: throw fault("no number: $text")
    }

    private fun <T> word(word: String, value: T): T {
        for (letter in word) if (next() != letter.code) throw fault("expected $word")
        return value
    }

    private fun expect(character: Char) {
        val code = peekPastSpace()
        if (code != character.code) throw fault("expected $character, " + if (code < 0) "but the text ends" else "found ${shown(code)}")
        next()
    }

    private fun peekPastSpace(): Int {
        while (peek() == 0x20 || peek() in 0x09..0x0a || peek() == 0x0d) next()
        return peek()
    }

    private fun peek(): Int {
        if (peeked == UNREAD) peeked = source.read()
        return peeked
    }

    private fun next(): Int {
        val code = peek()
        peeked = UNREAD
        place++
        return code
    }

    private fun fault(what: String) = JsonException("no JSON at character $place: $what")

    private fun shown(code: Int): String = if (code in 0x21..0x7e) code.toChar().toString() else "U+%04X".format(code)

    companion object {
        private const val UNREAD = -2
        private const val MOST_DEPTH = 64
        private const val MOST_DIGITS = 400

        /** The one value that [text] holds. Throws [JsonException]. */
        fun parse(text: String): Any? = with(Json(text.reader())) {
            value().also { if (hasMore()) throw fault("more follows the value") }
        }
    }
}
