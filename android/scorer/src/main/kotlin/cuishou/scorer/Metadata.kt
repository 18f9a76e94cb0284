package cuishou.scorer

/** A model cannot be used; the message says why and what to do. */
class ModelException(message: String, cause: Throwable? = null) : Exception(message, cause)

/**
 * What a model file says of itself.
 *
 * [tags] run from least to gravest and [reasons] are in the order of the model's outputs. [flags] are the reasons that only annotate:
 * they can stand beside any collection tag. [reasonThresholds] (one a reason): the least probability at which it is shown.
 * A tagging less probable than [reviewBelow] is marked for review.
 */
class Metadata(
    val version: String,
    val tags: List<String>,
    val reasons: List<String>,
    val flags: Set<String>,
    val reviewBelow: Double,
    val reasonThresholds: FloatArray,
) {
    companion object {
        /** The layout of inputs, outputs and metadata that this library reads. */
        const val FORMAT = "cuishou/1"

        /** Check a model's metadata. Throws [ModelException]. */
        fun parse(values: Map<String, String>): Metadata {
            val format = values["format"]
                ?: throw ModelException("this is an ONNX file, but not a model of cuishou: its metadata has no 'format'")
            if (format != FORMAT) {
                throw ModelException("the model has the format '$format'; this version reads '$FORMAT'. Use the version it came with")
            }
            return try {
                val reasons = strings(values, "reasons")
                val thresholds = Json.parse(values.getValue("reason_thresholds")) as Map<*, *>
                Metadata(
                    version = values.getValue("version"),
                    tags = strings(values, "tags").also { require(it.size > 1) { "fewer than two tags" } },
                    reasons = reasons,
                    flags = strings(values, "flags").toSet(),
                    reviewBelow = (Json.parse(values.getValue("review_below")) as Number).toDouble(),
                    reasonThresholds = FloatArray(reasons.size) {
                        val threshold = requireNotNull(thresholds[reasons[it]]) { "no threshold for ${reasons[it]}" }
                        (threshold as Number).toFloat()
                    },
                )
            } catch (error: Exception) { // whatever is missing or of the wrong kind: the file is damaged
                throw ModelException("the model's metadata is damaged (${error.message}); get the file again", error)
            }
        }

        private fun strings(values: Map<String, String>, key: String): List<String> =
            (Json.parse(values.getValue(key)) as List<*>).map { it as String }
    }
}
