package cuishou.scorer

/** Code points in one run of the model, padding included; bounds its memory. */
private const val BATCH_CHARACTERS = 32_768

/**
 * Tags texts with a model file. Make one and keep it: loading takes longer than tagging a hundred messages.
 *
 * It may be used from several threads at once. Close it to free the model's memory.
 */
class SmsScorer(private val engine: Engine) : AutoCloseable {
    /** What the model says of itself. */
    val metadata: Metadata = try {
        Metadata.parse(engine.metadata)
    } catch (error: ModelException) {
        engine.close()
        throw error
    }

    /**
     * Load the bytes of a model file, to run on [threads] threads (null: as many as onnxruntime thinks best).
     * Throws [ModelException] for bytes that this library does not understand.
     */
    @JvmOverloads
    constructor(model: ByteArray, threads: Int? = null) : this(OnnxRuntime(model, threads))

    /** Tag each of [texts]; any string will do, also an empty one or one with half a surrogate pair. */
    fun tag(texts: List<String>): List<Tagging> {
        val taggings = arrayOfNulls<Tagging>(texts.size)
        run(texts) { text, row, codes, columns, found -> taggings[text] = tagging(row, codes, columns, found) }
        return taggings.map { checkNotNull(it) }
    }

    /** Where each token of each text starts, in code points, as the model cuts it. */
    fun tokenStarts(texts: List<String>): List<List<Int>> {
        val starts = arrayOfNulls<List<Int>>(texts.size)
        run(texts) { text, row, codes, columns, found ->
            starts[text] = codes.indices.filter { found.tokenStarts[row * columns + it] }
        }
        return starts.map { checkNotNull(it) }
    }

    /** The probability of every reason code for each of [texts], shown or not, in the order of [Metadata.reasons]. */
    fun reasonProbabilities(texts: List<String>): List<FloatArray> {
        val width = metadata.reasons.size
        val probabilities = arrayOfNulls<FloatArray>(texts.size)
        run(texts) { text, row, _, _, found ->
            probabilities[text] = found.reasonProbabilities.copyOfRange(row * width, (row + 1) * width)
        }
        return probabilities.map { checkNotNull(it) }
    }

    override fun close() = engine.close()

    /** Texts of about equal length together, as many as [BATCH_CHARACTERS] allows; [each] is told of every row. */
    private fun run(texts: List<String>, each: (text: Int, row: Int, codes: IntArray, columns: Int, found: Outputs) -> Unit) {
        val encoded = texts.map(::codePoints)
        val order = texts.indices.sortedBy { encoded[it].size }
        var first = 0
        while (first < order.size) {
            var last = first + 1
            while (last < order.size && (last + 1 - first) * encoded[order[last]].size <= BATCH_CHARACTERS) last++
            val rows = order.subList(first, last)
            val columns = maxOf(1, encoded[rows.last()].size)
            val codes = IntArray(rows.size * columns)
            rows.forEachIndexed { row, text -> encoded[text].copyInto(codes, row * columns) }
            val found = engine.run(codes, rows.size, columns)
            rows.forEachIndexed { row, text -> each(text, row, encoded[text], columns, found) }
            first = last
        }
    }

    private fun tagging(row: Int, codes: IntArray, columns: Int, found: Outputs): Tagging {
        val tags = metadata.tags
        val tag = found.tags[row].toInt()
        val ofTags = FloatArray(tags.size) { found.tagProbabilities[row * tags.size + it] }
        val reasons = reasons(tag, row, found.reasonProbabilities)
        return Tagging(
            tag = tags[tag],
            probabilities = tags.indices.associate { tags[it] to rounded(ofTags[it].toDouble(), 6) },
            reasons = reasons.map { Reason(metadata.reasons[it], rounded(reasonProbability(row, it, found).toDouble(), 6)) },
            spans = if (tag == 0) emptyList() else spans(tag, reasons, row * columns, codes, found.contributions),
            needsReview = ofTags[tag] < metadata.reviewBelow,
        )
    }

    private fun reasonProbability(row: Int, reason: Int, found: Outputs): Float =
        found.reasonProbabilities[row * metadata.reasons.size + reason]

    /**
     * The reasons to show, surest first: for the gravest tag those that reach their threshold, at least the likeliest;
     * flags for any collection; none for the least tag.
     */
    private fun reasons(tag: Int, row: Int, probabilities: FloatArray): List<Int> {
        if (tag == 0) return emptyList()
        val codes = metadata.reasons
        val gravest = tag == metadata.tags.lastIndex
        fun probability(reason: Int) = probabilities[row * codes.size + reason]
        fun isFlag(reason: Int) = codes[reason] in metadata.flags
        val shown = codes.indices
            .filter { (gravest || isFlag(it)) && probability(it) >= metadata.reasonThresholds[it] }
            .toMutableList()
        if (gravest && shown.all(::isFlag)) codes.indices.filterNot(::isFlag).maxByOrNull(::probability)?.let(shown::add)
        return shown.sortedByDescending(::probability)
    }

    /** The words that carried the tag and each of [reasons]; [first] is the text's first character in [contributions]. */
    private fun spans(tag: Int, reasons: List<Int>, first: Int, codes: IntArray, contributions: FloatArray): List<Span> {
        val tags = metadata.tags
        val width = tags.size + metadata.reasons.size
        fun of(character: Int, label: Int) = contributions[(first + character) * width + label]

        val against = FloatArray(codes.size) { character ->
            val others = tags.indices.filter { it != tag }
            of(character, tag) - (others.sumOf { of(character, it).toDouble() } / others.size).toFloat()
        }
        val carried = listOf(tags[tag] to against) + reasons.map { reason ->
            metadata.reasons[reason] to FloatArray(codes.size) { of(it, tags.size + reason) }
        }
        return carried.flatMap { (label, scores) ->
            carryingSpans(scores).map { span ->
                val (start, end) = trimmed(codes, span.start, span.end)
                Span(start, end, label, span.share)
            }
        }
    }
}

/** The code points of [text]: what the model takes. Lone surrogates stay what they are; the model knows no word with one. */
fun codePoints(text: String): IntArray {
    val codes = IntArray(text.length)
    var count = 0
    var place = 0
    while (place < text.length) {
        val code = text.codePointAt(place)
        codes[count++] = code
        place += Character.charCount(code)
    }
    return codes.copyOf(count)
}

/** [value] with [digits] decimals, the shortest way to write it. */
internal fun rounded(value: Double, digits: Int): Double =
    java.math.BigDecimal(value).setScale(digits, java.math.RoundingMode.HALF_EVEN).toDouble()
