package cuishou.messages

import java.io.InputStream
import java.io.Reader
import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.Charset
import java.nio.charset.CodingErrorAction

/**
 * The characters of [input] in [charset], without a byte order mark. What is no text becomes U+FFFD and is counted in
 * [ImportReport.repaired].
 *
 * A reader of our own, for `InputStreamReader` neither counts what it replaces nor says where it is.
 */
internal class Text(private val input: InputStream, charset: Charset, private val report: ImportReport) : Reader() {
    private val decoder = charset.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
    private val bytes = ByteBuffer.allocate(1 shl 16).apply { flip() }
    private val characters = CharBuffer.allocate(1 shl 16).apply { flip() }
    private var atEnd = false
    private var pushed = NONE

    /** Where the next character stands, in bytes of UTF-8: exact for files in UTF-8. */
    var offset = 0L
        private set

    init {
        val first = read()
        if (first >= 0 && first != 0xfeff) push(first)
    }

    override fun read(): Int {
        val code = when {
            pushed != NONE -> pushed.also { pushed = NONE }
            characters.hasRemaining() || fill() -> characters.get().code
            else -> return -1
        }
        offset += width(code)
        return code
    }

    /** Give back [code], the character read last. */
    fun push(code: Int) {
        check(pushed == NONE)
        pushed = code
        offset -= width(code)
    }

    override fun read(into: CharArray, at: Int, length: Int): Int {
        var count = 0
        while (count < length) {
            val code = read()
            if (code < 0) return if (count == 0) -1 else count
            into[at + count++] = code.toChar()
        }
        return count
    }

    override fun close() = input.close()

    private fun fill(): Boolean {
        characters.clear()
        while (characters.position() == 0) {
            if (atEnd && !bytes.hasRemaining()) break
            val result = decoder.decode(bytes, characters, atEnd)
            if (result.isError) {
                bytes.position(bytes.position() + result.length())
                characters.put('\ufffd')
                report.repaired++
            } else if (characters.position() == 0) {
                load()
            }
        }
        characters.flip()
        return characters.hasRemaining()
    }

    private fun load() {
        bytes.compact()
        val count = input.read(bytes.array(), bytes.position(), bytes.remaining())
        if (count < 0) atEnd = true else bytes.position(bytes.position() + count)
        bytes.flip()
    }

    private fun width(code: Int): Int = when {
        code < 0x80 -> 1
        code < 0x800 || code in 0xd800..0xdfff -> 2 // half of a pair is half of four bytes
        else -> 3
    }

    private companion object {
        const val NONE = -2
    }
}
