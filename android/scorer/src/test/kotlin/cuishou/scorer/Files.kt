package cuishou.scorer

import java.io.File

/** The tree's own files: nothing is copied, so a retrained model is what gets tested. */
object Files {
    val root = File(System.getProperty("cuishou.root") ?: error("run the tests with Maven; it says where the tree is"))

    private val file = System.getenv("CUISHOU_MODEL")?.let(::File) ?: File(root, "model/cuishou.onnx")

    /** What must come out, beside the model it was written with. */
    val golden: File = file.resolveSibling("golden.jsonl")

    fun model(): ByteArray = file.readBytes()

    /** One scorer for all tests; loading it for each would be most of their time. */
    val scorer: SmsScorer by lazy { SmsScorer(model(), threads = 1) }
}
