package cuishou.scorer

import ai.onnxruntime.OnnxTensor
import ai.onnxruntime.OrtEnvironment
import ai.onnxruntime.OrtException
import ai.onnxruntime.OrtLoggingLevel
import ai.onnxruntime.OrtSession
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Texts to run the model on: [rows] of [columns] code points each, row by row in [codes], zero-padded. [columns] is at least 1. */
class Batch(val codes: IntArray, val rows: Int, val columns: Int)

/** What runs the model file: onnxruntime, or in tests and on other platforms whatever gives the same numbers. */
interface Engine : AutoCloseable {
    /** The model's own metadata. */
    val metadata: Map<String, String>

    /** Score a batch; what explains the scores is left out. Throws [ModelException], as the others do. */
    fun score(batch: Batch): Scores

    /** What each character adds to each score: rows * columns * (tags + reasons). */
    fun contributions(batch: Batch): FloatArray

    /** Whether a token starts at each character: rows * columns. */
    fun tokenStarts(batch: Batch): BooleanArray

    /** Both of these; in one run where the engine can. */
    fun explanation(batch: Batch): Explanation = Explanation(contributions(batch), tokenStarts(batch))
}

/** What [Engine.contributions] and [Engine.tokenStarts] give. */
class Explanation(val contributions: FloatArray, val tokenStarts: BooleanArray)

/** The scores of N texts, row by row: [tags] (N), [tagProbabilities] (N * tags), [reasonProbabilities] (N * reasons). */
class Scores(val tags: LongArray, val tagProbabilities: FloatArray, val reasonProbabilities: FloatArray)

/** The model's outputs by name. */
object Output {
    const val TAG = "tag"
    const val TAG_PROBABILITIES = "tag_probabilities"
    const val REASON_PROBABILITIES = "reason_probabilities"
    const val CONTRIBUTIONS = "contributions"
    const val TOKEN_STARTS = "token_starts"
    val SCORES = listOf(TAG, TAG_PROBABILITIES, REASON_PROBABILITIES)
}

/** The model's optional input: whether explanations are wanted. onnxruntime works every output out, asked for or not. */
const val EXPLAIN = "explain"

/** onnxruntime through `ai.onnxruntime`, the same on the JVM and on a phone. [threads]: null for what onnxruntime thinks best. */
class OnnxRuntime(model: ByteArray, threads: Int? = null) : Engine {
    private val environment: OrtEnvironment
    private val session: OrtSession
    private val maySkip: Boolean
    override val metadata: Map<String, String>

    init {
        require(threads == null || threads >= 1) { "threads must be at least 1, not $threads" }
        try {
            environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL)
            session = OrtSession.SessionOptions().use { options ->
                options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL)
                threads?.let(options::setIntraOpNumThreads)
                environment.createSession(ModelFile.withoutDefault(model, EXPLAIN), options)
            }
            metadata = session.metadata.customMetadata
            maySkip = EXPLAIN in session.inputNames
        } catch (error: OrtException) {
            throw ModelException("this is no ONNX model that onnxruntime can load: ${brief(error)}", error)
        } catch (error: LinkageError) { // the classes are there, the native library isn't
            throw ModelException("onnxruntime's native library for this processor is missing: ${brief(error)}", error)
        }
    }

    override fun score(batch: Batch): Scores = run(batch, Output.SCORES, explain = false) { found ->
        Scores(
            tags = tensor(found, Output.TAG).longBuffer.let { from -> LongArray(from.remaining()).also(from::get) },
            tagProbabilities = floats(found, Output.TAG_PROBABILITIES),
            reasonProbabilities = floats(found, Output.REASON_PROBABILITIES),
        )
    }

    override fun contributions(batch: Batch): FloatArray =
        run(batch, listOf(Output.CONTRIBUTIONS), explain = true) { floats(it, Output.CONTRIBUTIONS) }

    override fun tokenStarts(batch: Batch): BooleanArray =
        run(batch, listOf(Output.TOKEN_STARTS), explain = true) { booleans(it, Output.TOKEN_STARTS) }

    override fun explanation(batch: Batch): Explanation =
        run(batch, listOf(Output.CONTRIBUTIONS, Output.TOKEN_STARTS), explain = true) { found ->
            Explanation(floats(found, Output.CONTRIBUTIONS), booleans(found, Output.TOKEN_STARTS))
        }

    private fun <T> run(batch: Batch, outputs: List<String>, explain: Boolean, use: (OrtSession.Result) -> T): T = try {
        val buffer = ByteBuffer.allocateDirect(batch.codes.size * Int.SIZE_BYTES).order(ByteOrder.nativeOrder()).asIntBuffer()
        buffer.put(batch.codes).rewind()
        OnnxTensor.createTensor(environment, buffer, longArrayOf(batch.rows.toLong(), batch.columns.toLong())).use { codes ->
            OnnxTensor.createTensor(environment, explain).use { wish ->
                val given = if (maySkip) mapOf("codes" to codes, EXPLAIN to wish) else mapOf("codes" to codes)
                session.run(given, outputs.toSet()).use(use)
            }
        }
    } catch (error: OrtException) {
        throw ModelException("the model could not be run: ${brief(error)}", error)
    }

    override fun close() = session.close()

    private fun tensor(found: OrtSession.Result, name: String): OnnxTensor = found.get(name).get() as OnnxTensor

    private fun floats(found: OrtSession.Result, name: String): FloatArray =
        tensor(found, name).floatBuffer.let { from -> FloatArray(from.remaining()).also(from::get) }

    private fun booleans(found: OrtSession.Result, name: String): BooleanArray =
        tensor(found, name).byteBuffer.let { from -> BooleanArray(from.remaining()) { from.get() != 0.toByte() } }

    private fun brief(error: Throwable): String = error.message.orEmpty().trim().lineSequence().first().take(200)
}

/**
 * Numbers as `engine.js` packs them: one output behind the other, little-endian, tags as int32, other numbers as float32, token starts
 * as bytes. Throws [ModelException] when [bytes] are not [size].
 */
class Packed(bytes: ByteArray, size: Int) {
    private val from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)

    init {
        if (bytes.size != size) throw ModelException("the model gave ${bytes.size} bytes, not $size: it is not the one it says it is")
    }

    fun longs(count: Int) = LongArray(count) { from.getInt().toLong() }

    fun floats(count: Int) = FloatArray(count) { from.getFloat() }

    fun booleans(count: Int) = BooleanArray(count) { from.get() != 0.toByte() }

    companion object {
        /** [Output.SCORES] of [rows] texts. */
        fun scores(bytes: ByteArray, rows: Int, tags: Int, reasons: Int): Scores =
            with(Packed(bytes, Int.SIZE_BYTES * rows * (1 + tags + reasons))) { Scores(longs(rows), floats(rows * tags), floats(rows * reasons)) }
    }
}
