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

    /**
     * Tag each of [texts]; any string will do, also an empty one or one with half a surrogate pair. Without [explain] no spans, and
     * faster. Everything is scored first; what explains is then worked out for what concerns collection only.
     */
    @JvmOverloads
    fun tag(texts: List<String>, explain: Boolean = true): List<Tagging> {
        val encoded = texts.map(::codePoints)
        val taggings = arrayOfNulls<Tagging>(texts.size)
        batches(encoded, texts.indices) { rows, batch ->
            val found = engine.score(batch)
            rows.forEachIndexed { row, text -> taggings[text] = tagging(row, found) }
        }
        if (explain) {
            batches(encoded, texts.indices.filter { taggings[it]!!.tag != metadata.tags.first() }) { rows, batch ->
                val found = engine.explanation(batch)
                rows.forEachIndexed { row, text ->
                    val tagging = taggings[text]!!
                    taggings[text] = tagging.copy(spans = spans(tagging, row * batch.columns, encoded[text], found))
                }
            }
        }
        return taggings.map { it!! }
    }

    /** Where each token of each text starts, in code points, as the model cuts it. */
    fun tokenStarts(texts: List<String>): List<List<Int>> {
        val encoded = texts.map(::codePoints)
        val starts = Array(texts.size) { emptyList<Int>() }
        batches(encoded, texts.indices) { rows, batch ->
            val found = engine.tokenStarts(batch)
            rows.forEachIndexed { row, text -> starts[text] = encoded[text].indices.filter { found[row * batch.columns + it] } }
        }
        return starts.asList()
    }

    /** The probability of every reason code for each of [texts], shown or not, in the order of [Metadata.reasons]. */
    fun reasonProbabilities(texts: List<String>): List<FloatArray> {
        val width = metadata.reasons.size
        val probabilities = Array(texts.size) { FloatArray(width) }
        batches(texts.map(::codePoints), texts.indices) { rows, batch ->
            val found = engine.score(batch).reasonProbabilities
            rows.forEachIndexed { row, text -> found.copyInto(probabilities[text], 0, row * width, (row + 1) * width) }
        }
        return probabilities.asList()
    }

    override fun close() = engine.close()

    /** The [texts] of about equal length together, as many as [BATCH_CHARACTERS] allows: [use] is given them and their batch. */
    private fun batches(encoded: List<IntArray>, texts: Iterable<Int>, use: (rows: List<Int>, batch: Batch) -> Unit) {
        val order = texts.sortedBy { encoded[it].size }
        var first = 0
        while (first < order.size) {
            var last = first + 1
            while (last < order.size && (last + 1 - first) * encoded[order[last]].size <= BATCH_CHARACTERS) last++
            val rows = order.subList(first, last)
            val columns = maxOf(1, encoded[rows.last()].size)
            val codes = IntArray(rows.size * columns)
            rows.forEachIndexed { row, text -> encoded[text].copyInto(codes, row * columns) }
            use(rows, Batch(codes, rows.size, columns))
            first = last
        }
    }

    private fun tagging(row: Int, found: Scores): Tagging {
        val tags = metadata.tags
        val tag = found.tags[row].toInt()
        val ofTags = FloatArray(tags.size) { found.tagProbabilities[row * tags.size + it] }
        return Tagging(
            tag = tags[tag],
            probabilities = tags.indices.associate { tags[it] to rounded(ofTags[it]) },
            reasons = reasons(tag, row, found.reasonProbabilities)
                .map { Reason(metadata.reasons[it], rounded(found.reasonProbabilities[row * metadata.reasons.size + it])) },
            needsReview = ofTags[tag] < metadata.reviewBelow,
        )
    }

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

    /** The words that carried the tag and each reason of [tagging]; [first] is the text's first character in [found]. */
    private fun spans(tagging: Tagging, first: Int, codes: IntArray, found: Explanation): List<Span> {
        val tags = metadata.tags
        val width = tags.size + metadata.reasons.size
        fun of(character: Int, label: Int) = found.contributions[(first + character) * width + label]

        val tag = tags.indexOf(tagging.tag)
        val others = tags.indices - tag
        val against = FloatArray(codes.size) { character ->
            of(character, tag) - (others.sumOf { of(character, it).toDouble() } / others.size).toFloat()
        }
        val starts = found.tokenStarts.copyOfRange(first, first + codes.size)
        val carried = listOf(tagging.tag to against) + tagging.reasons.map { (code) ->
            val label = tags.size + metadata.reasons.indexOf(code)
            code to FloatArray(codes.size) { of(it, label) }
        }
        return carried.flatMap { (label, scores) ->
            onWords(carryingSpans(scores), codes, starts).map { Span(it.start, it.end, label, it.share) }
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

/** A [probability] with six decimals, the shortest way to write it: a float's millionfold is exact in a double. */
internal fun rounded(probability: Float): Double = Math.rint(probability * 1e6) / 1e6

/** [value] with [digits] decimals, the shortest way to write it. */
internal fun rounded(value: Double, digits: Int): Double =
    java.math.BigDecimal(value).setScale(digits, java.math.RoundingMode.HALF_EVEN).toDouble()
