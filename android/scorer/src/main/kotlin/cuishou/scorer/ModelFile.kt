package cuishou.scorer

/** What an ONNX file holds that not every engine hands out. */
object ModelFile {
    private const val GRAPH = 7L
    private const val INITIALIZER = 5L
    private const val NAME = 8L
    private const val METADATA_PROPS = 14L
    private const val KEY = 1L
    private const val VALUE = 2L

    /** The `metadata_props` of the ONNX file [model] (its outermost protobuf message). Throws [ModelException]. */
    fun metadata(model: ByteArray): Map<String, String> {
        val metadata = LinkedHashMap<String, String>()
        Fields(model, 0, model.size).forEach { field, start, end ->
            if (field == METADATA_PROPS) {
                var key = ""
                var value = ""
                Fields(model, start, end).forEach { part, first, last ->
                    val text = String(model, first, last - first, Charsets.UTF_8)
                    if (part == KEY) key = text else if (part == VALUE) value = text
                }
                metadata[key] = value
            }
        }
        return metadata
    }

    /**
     * A copy of the ONNX file [model] in which [input] has to be given, or [model] itself when the input has no default.
     *
     * onnxruntime takes an input that has a default in Python, but neither in Java nor in JavaScript. The default is a constant of the
     * input's name; under another name, of the same length, it is nothing's. Throws [ModelException].
     */
    fun withoutDefault(model: ByteArray, input: String): ByteArray {
        var copy = model
        val name = input.toByteArray()
        Fields(model, 0, model.size).forEach { field, start, end ->
            if (field == GRAPH) Fields(model, start, end).forEach { part, first, last ->
                if (part == INITIALIZER) Fields(model, first, last).forEach { key, from, to ->
                    if (key == NAME && name contentEquals model.copyOfRange(from, to)) copy = model.clone().also { it[from] = '_'.code.toByte() }
                }
            }
        }
        return copy
    }

    /** The fields of a protobuf message in `[place, end)` of [bytes]. */
    private class Fields(private val bytes: ByteArray, private var place: Int, private val end: Int) {
        /** [each] is told number, start and end of every field that has a length; the others are passed over. */
        fun forEach(each: (field: Long, start: Int, end: Int) -> Unit) {
            while (place < end) {
                val key = number()
                val length = when (key and 7) {
                    0L -> number().let { 0L }
                    1L -> 8L
                    2L -> number()
                    5L -> 4L
                    else -> throw broken()
                }
                if (length < 0 || length > end - place) throw broken()
                val start = place
                place += length.toInt()
                if (key and 7 == 2L) each(key ushr 3, start, place)
            }
        }

        private fun number(): Long {
            var value = 0L
            for (shift in 0 until 64 step 7) {
                if (place >= end) throw broken()
                val byte = bytes[place++].toLong()
                value = value or ((byte and 127) shl shift)
                if (byte >= 0) return value
            }
            throw broken()
        }

        private fun broken() = ModelException("this is no ONNX file, or it was cut off")
    }
}
