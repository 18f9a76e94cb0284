package cuishou.scorer

import ai.onnxruntime.OnnxTensor
import ai.onnxruntime.OrtEnvironment
import ai.onnxruntime.OrtException
import ai.onnxruntime.OrtLoggingLevel
import ai.onnxruntime.OrtSession
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** What runs the model file: onnxruntime, or in tests and on other platforms whatever gives the same numbers. */
interface Engine : AutoCloseable {
    /** The model's own metadata. */
    val metadata: Map<String, String>

    /**
     * Run the model on [rows] texts of [columns] code points each, row by row in [codes], zero-padded. [columns] is at least 1.
     * Throws [ModelException].
     */
    fun run(codes: IntArray, rows: Int, columns: Int): Outputs
}

/**
 * The model's outputs for N texts of C code points, row by row: [tags] (N), [tagProbabilities] (N * tags), [reasonProbabilities]
 * (N * reasons), [contributions] (N * C * (tags + reasons)), [tokenStarts] (N * C).
 */
class Outputs(
    val tags: LongArray,
    val tagProbabilities: FloatArray,
    val reasonProbabilities: FloatArray,
    val contributions: FloatArray,
    val tokenStarts: BooleanArray,
)

/** onnxruntime through `ai.onnxruntime`, the same on the JVM and on a phone. [threads]: null for what onnxruntime thinks best. */
class OnnxRuntime(model: ByteArray, threads: Int? = null) : Engine {
    private val environment: OrtEnvironment
    private val session: OrtSession
    override val metadata: Map<String, String>

    init {
        require(threads == null || threads >= 1) { "threads must be at least 1, not $threads" }
        try {
            environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL)
            session = OrtSession.SessionOptions().use { options ->
                options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL)
                threads?.let(options::setIntraOpNumThreads)
                environment.createSession(model, options)
            }
            metadata = session.metadata.customMetadata
        } catch (error: OrtException) {
            throw ModelException("this is no ONNX model that onnxruntime can load: ${brief(error)}", error)
        } catch (error: LinkageError) { // the classes are there, the native library isn't
            throw ModelException("onnxruntime's native library for this processor is missing: ${brief(error)}", error)
        }
    }

    override fun run(codes: IntArray, rows: Int, columns: Int): Outputs = try {
        val buffer = ByteBuffer.allocateDirect(codes.size * Int.SIZE_BYTES).order(ByteOrder.nativeOrder()).asIntBuffer()
        buffer.put(codes).rewind()
        OnnxTensor.createTensor(environment, buffer, longArrayOf(rows.toLong(), columns.toLong())).use { input ->
            session.run(mapOf("codes" to input), OUTPUTS).use { found ->
                Outputs(
                    tags = tensor(found, "tag").longBuffer.let { from -> LongArray(from.remaining()).also(from::get) },
                    tagProbabilities = floats(found, "tag_probabilities"),
                    reasonProbabilities = floats(found, "reason_probabilities"),
                    contributions = floats(found, "contributions"),
                    tokenStarts = tensor(found, "token_starts").byteBuffer.let { from -> BooleanArray(from.remaining()) { from.get() != 0.toByte() } },
                )
            }
        }
    } catch (error: OrtException) {
        throw ModelException("the model could not be run: ${brief(error)}", error)
    }

    override fun close() = session.close()

    private fun tensor(found: OrtSession.Result, name: String): OnnxTensor = found.get(name).get() as OnnxTensor

    private fun floats(found: OrtSession.Result, name: String): FloatArray =
        tensor(found, name).floatBuffer.let { from -> FloatArray(from.remaining()).also(from::get) }

    private fun brief(error: Throwable): String = error.message.orEmpty().trim().lineSequence().first().take(200)

    private companion object {
        val OUTPUTS = setOf("tag", "tag_probabilities", "reason_probabilities", "contributions", "token_starts")
    }
}

/**
 * The outputs for [rows] texts of [columns] code points, as `engine.js` packs them: one behind the other, little-endian, tags as
 * int32, the numbers as float32, token starts as bytes. Throws [ModelException] when their size is another.
 */
fun unpack(packed: ByteArray, rows: Int, columns: Int, tags: Int, reasons: Int): Outputs {
    val size = Int.SIZE_BYTES * rows * (1 + tags + reasons + columns * (tags + reasons)) + rows * columns
    if (packed.size != size) throw ModelException("the model gave ${packed.size} bytes, not $size: it is not the one it says it is")
    val from = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN)
    fun floats(count: Int) = FloatArray(count) { from.getFloat() }
    return Outputs(
        tags = LongArray(rows) { from.getInt().toLong() },
        tagProbabilities = floats(rows * tags),
        reasonProbabilities = floats(rows * reasons),
        contributions = floats(rows * columns * (tags + reasons)),
        tokenStarts = BooleanArray(rows * columns) { from.get() != 0.toByte() },
    )
}
