package cuishou.messages

/**
 * A message's text as a screen may show it: every control and format character, on which a screen would act or show the text in
 * another order than it has, is written out as an escape (`\u202e`), as is half of a surrogate pair.
 */
class Shown(original: String) {
    /** What is shown. */
    val text: String

    private val places = IntArray(original.length + 1)

    init {
        val shown = StringBuilder()
        original.forEachIndexed { place, character ->
            places[place] = shown.length
            when {
                character == '\t' -> shown.append(' ')
                isActive(character) || isLone(original, place) -> shown.append("\\u%04x".format(character.code))
                else -> shown.append(character)
            }
        }
        places[original.length] = shown.length
        text = shown.toString()
    }

    /** Where the UTF-16 units [range] of the original are shown. */
    fun range(range: IntRange): IntRange = places[range.first] until places[range.last + 1]

    private fun isActive(character: Char): Boolean = when (character) {
        '\n' -> false
        in '\u0000'..'\u001f', in '\u007f'..'\u009f', in '\u200b'..'\u200f', in '\u2028'..'\u202e', in '\u2060'..'\u206f',
        '\ufeff', in '\ufff9'..'\ufffb',
        -> true
        else -> false
    }
}
