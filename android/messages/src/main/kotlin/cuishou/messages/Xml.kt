package cuishou.messages

import java.nio.charset.Charset
import java.nio.charset.StandardCharsets

/** The file holds a document type declaration, from which entity bombs are made. No exporter writes one. */
internal class ForbiddenXml : Exception("it holds a document type declaration (<!DOCTYPE), which no backup has; it was not read")

/** Who is told what the file holds. */
internal interface Records {
    /** Names of the elements at which reading can go on after an error. */
    val names: Set<String>

    /** An element begins. */
    fun start(name: String, attributes: Map<String, String>)

    /** An element ends. */
    fun end(name: String)

    /** What has begun is broken and will not end. */
    fun forget()
}

/**
 * XML as phones write it: streamed, mended where exporters break the standard, and never trusted.
 *
 * Not a parser of the platform: those of the JVM and of Android differ, and stop for good at a reference to half a surrogate pair
 * (`&#55357;&#56832;`), which is how many backups write emoji. Here the halves are UTF-16 units, as Kotlin has them. Where a file is
 * broken beyond that, reading goes on at the next record, and the loss is noted with its place.
 *
 * Elements, attributes and references are read; text between elements, namespaces and entities are not: no backup has them.
 */
internal class Xml(private val text: Text, private val report: ImportReport, private val records: Records) {
    private class Fault(message: String) : Exception(message)

    private class Cut : Exception()

    private enum class State { DOCUMENT, SEARCHING, FRAGMENT }

    private var state = State.DOCUMENT
    private val open = ArrayList<String>()
    private var rootSeen = false

    /** Read on to the end of the next element; false at the end of the file. Throws [ForbiddenXml]. */
    fun advance(): Boolean {
        try {
            return if (state == State.SEARCHING) search() else markup()
        } catch (fault: Fault) {
            lose(fault.message.orEmpty())
            state = State.SEARCHING
            open.clear()
        } catch (_: Cut) {
            lose(CUT_OFF)
            return false
        }
        return true
    }

    private fun lose(reason: String) {
        report.lost += Loss(text.offset, reason)
        records.forget()
    }

    /** Go to the next record, from where reading is a matter of a fragment of the document. */
    private fun search(): Boolean {
        while (true) {
            if (!skipTo('<')) return false
            val name = StringBuilder()
            var code = text.read()
            while (code >= 0 && name.length < LONGEST_RECORD && code.toChar().isLetter()) {
                name.append(code.toChar())
                code = text.read()
            }
            if (code >= 0) text.push(code)
            if (name.toString() in records.names && (isSpace(code) || code == '/'.code || code == '>'.code)) {
                state = State.FRAGMENT
                element(name.toString())
                return true
            }
        }
    }

    private fun markup(): Boolean {
        var code = text.read()
        while (code >= 0 && code != '<'.code) {
            if (open.isEmpty() && state == State.DOCUMENT && !isSpace(code)) {
                throw Fault(if (rootSeen) "something follows the document's end" else "something stands before the first element")
            }
            code = text.read()
        }
        if (code < 0) {
            if (open.isNotEmpty() || state == State.DOCUMENT && !rootSeen) throw Cut()
            return false
        }
        when (val first = read()) {
            '!'.code -> declaration()
            '?'.code -> skipPast("?>")
            '/'.code -> endTag()
            else -> {
                text.push(first)
                val name = name()
                if (state == State.DOCUMENT && open.isEmpty() && rootSeen) throw Fault("something follows the document's end")
                rootSeen = true
                element(name)
            }
        }
        return true
    }

    private fun declaration() {
        val start = StringBuilder()
        while (start.length < 7) {
            val code = text.read()
            if (code < 0) throw Cut()
            start.append(code.toChar())
            when (start.toString()) {
                "--" -> return skipPast("-->")
                "[CDATA[" -> return skipPast("]]>")
                "DOCTYPE" -> throw ForbiddenXml()
            }
        }
        throw Fault("a declaration that is none")
    }

    private fun endTag() {
        val name = name()
        if (skipSpace() != '>'.code) throw Fault("an end tag does not end")
        if (open.isNotEmpty() && open.last() == name) {
            open.removeAt(open.size - 1)
            records.end(name)
        } else if (open.isEmpty() && state == State.FRAGMENT) {
            state = State.SEARCHING // the document's own end
        } else {
            throw Fault("mismatched tag")
        }
    }

    /** The rest of a start tag whose [name] has been read. */
    private fun element(name: String) {
        val attributes = LinkedHashMap<String, String>()
        while (true) {
            when (val code = skipSpace()) {
                '>'.code -> {
                    records.start(name, attributes)
                    open += name
                    return
                }
                '/'.code -> {
                    if (read() != '>'.code) throw Fault("a tag does not end")
                    records.start(name, attributes)
                    records.end(name)
                    return
                }
                else -> {
                    text.push(code)
                    attribute(name, attributes)
                }
            }
        }
    }

    private fun attribute(element: String, attributes: MutableMap<String, String>) {
        val name = name()
        if (skipSpace() != '='.code) throw Fault("an attribute without a value")
        val quote = skipSpace()
        if (quote != '"'.code && quote != '\''.code) {
            text.push(quote)
            throw Fault("a value without quotes")
        }
        if (element == "part" && name == "data") { // pictures and sound, often most of the file
            if (!skipTo(quote.toChar())) throw Cut()
        } else if (attributes.put(name, value(quote)) != null) {
            throw Fault("an attribute stands twice")
        }
    }

    private fun value(quote: Int): String {
        val value = StringBuilder()
        var high = NONE // the place of a reference to a high half, as long as its low half may follow
        while (true) {
            val code = read()
            when {
                code == quote -> return value.toString()
                code == '<'.code -> {
                    text.push(code)
                    throw Fault("a value does not end")
                }
                code == '&'.code -> {
                    high = reference(value, high)
                    continue
                }
                code == '\r'.code -> {
                    value.append(' ')
                    val next = read()
                    if (next != '\n'.code) text.push(next)
                }
                code == '\n'.code || code == '\t'.code -> value.append(' ')
                code < 0x20 || code == 0xfffe || code == 0xffff -> replace(value)
                else -> value.append(code.toChar())
            }
            high = NONE
        }
    }

    /** Append what a reference means, whose `&` has been read. Returns the place of a high half that now waits, or [NONE]. */
    private fun reference(value: StringBuilder, high: Int): Int {
        val name = StringBuilder()
        while (name.length < LONGEST_REFERENCE) {
            val code = read()
            if (code == ';'.code) break
            if (code != '#'.code && !(code < 0x80 && code.toChar().isLetterOrDigit())) {
                text.push(code)
                return bare(value, name)
            }
            name.append(code.toChar())
            if (name.length == LONGEST_REFERENCE) return bare(value, name)
        }
        NAMED[name.toString()]?.let {
            value.append(it)
            return NONE
        }
        val code = number(name.toString())
        when {
            code == null -> return bare(value, name.append(';'))
            code in 0xdc00..0xdfff && high != NONE && high == value.length - 1 -> {
                value[high] = (pendingHigh).toChar()
                value.append(code.toChar())
                report.repaired-- // the high half was counted as lone
            }
            code in 0xd800..0xdbff -> {
                pendingHigh = code
                replace(value)
                return value.length - 1
            }
            isXmlCharacter(code) -> value.appendCodePoint(code)
            else -> replace(value)
        }
        return NONE
    }

    private var pendingHigh = 0

    /** An ampersand that begins no reference is text. */
    private fun bare(value: StringBuilder, name: CharSequence): Int {
        report.repaired++
        value.append('&').append(name)
        return NONE
    }

    private fun number(name: String): Int? {
        if (!name.startsWith("#")) return null
        val isHex = name.startsWith("#x") || name.startsWith("#X")
        val digits = name.substring(if (isHex) 2 else 1)
        if (digits.length > (if (isHex) 8 else 10)) return null
        val number = digits.toLongOrNull(if (isHex) 16 else 10) ?: return null
        return if (number in 0..0x10ffff) number.toInt() else 0 // 0 is no character either
    }

    private fun isXmlCharacter(code: Int): Boolean =
        code == 9 || code == 10 || code == 13 || code in 0x20..0xd7ff || code in 0xe000..0xfffd || code in 0x10000..0x10ffff

    private fun replace(value: StringBuilder) {
        report.repaired++
        value.append('\ufffd')
    }

    private fun name(): String {
        val name = StringBuilder()
        while (true) {
            val code = read()
            if (isSpace(code) || code.toChar() in "<>/='\"&") {
                text.push(code)
                break
            }
            name.append(code.toChar())
            if (name.length > LONGEST_NAME) throw Fault("a name without end")
        }
        if (name.isEmpty()) throw Fault("not well-formed")
        return name.toString()
    }

    /** The next character that is no white space. */
    private fun skipSpace(): Int {
        var code = read()
        while (isSpace(code)) code = read()
        return code
    }

    private fun skipPast(end: String) {
        var matched = 0
        while (matched < end.length) {
            val code = read()
            matched = when {
                code == end[matched].code -> matched + 1
                matched > 0 && code == end[matched - 1].code && code == end[0].code -> matched // --->
                else -> if (code == end[0].code) 1 else 0
            }
        }
    }

    /** Whether [character] comes; it has been read then. */
    private fun skipTo(character: Char): Boolean {
        while (true) {
            val code = text.read()
            if (code < 0) return false
            if (code == character.code) return true
        }
    }

    private fun read(): Int = text.read().also { if (it < 0) throw Cut() }

    private fun isSpace(code: Int): Boolean = code == 0x20 || code in 9..10 || code == 13

    companion object {
        private const val CUT_OFF = "the file ends in the middle: it was cut off"
        private const val NONE = -1
        private const val LONGEST_NAME = 256
        private const val LONGEST_RECORD = 16
        private const val LONGEST_REFERENCE = 12
        private val NAMED = mapOf("amp" to '&', "lt" to '<', "gt" to '>', "quot" to '"', "apos" to '\'')
        private val DECLARED = Regex("""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")

        /** The encoding of an XML file from its first bytes: byte order mark, else the declaration, else UTF-8. */
        fun encoding(head: ByteArray): Charset {
            fun byte(place: Int) = if (place < head.size) head[place].toInt() and 0xff else -1
            val (first, second) = byte(0) to byte(1)
            return when {
                first == 0xff && second == 0xfe -> StandardCharsets.UTF_16LE
                first == 0xfe && second == 0xff -> StandardCharsets.UTF_16BE
                first == '<'.code && second == 0 -> StandardCharsets.UTF_16LE
                first == 0 && second == '<'.code -> StandardCharsets.UTF_16BE
                else -> declared(String(head.copyOf(minOf(head.size, 256)), StandardCharsets.ISO_8859_1))
            }
        }

        private fun declared(head: String): Charset {
            val name = DECLARED.find(head.removePrefix("\u00ef\u00bb\u00bf"))?.groupValues?.get(1)?.lowercase() ?: return StandardCharsets.UTF_8
            if (name.startsWith("utf-16")) return StandardCharsets.UTF_8 // it says so in plain ASCII: it is not
            return try {
                Charset.forName(if (name == "gb2312" || name == "gbk") "gb18030" else name)
            } catch (_: IllegalArgumentException) {
                StandardCharsets.UTF_8
            }
        }
    }
}
