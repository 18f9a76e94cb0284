package cuishou.scorer

import java.io.File

/**
 * Tags the texts of a file, one JSON string a line, and prints a JSON object a line, as `compare.py` asks for; the last line says
 * how long it took. Arguments: the model, the file of texts, the number of threads.
 */
fun main(arguments: Array<String>) {
    val (model, file, threads) = arguments
    val texts = File(file).readLines().map { Json.parse(it) as String }
    val started = System.nanoTime()
    val scorer = SmsScorer(File(model).readBytes(), threads.toInt())
    scorer.tag(listOf("您好"))
    val loaded = System.nanoTime()
    scorer.tag(texts).forEach { println(line(it)) }
    repeat(3) { scorer.tag(texts) } // until the compiler has seen it
    val alone = texts.take(300).map { text -> elapsed { scorer.tag(listOf(text)) } }.sorted()
    val together = (1..5).map { elapsed { scorer.tag(texts) } }.sorted()
    val tags = (1..5).map { elapsed { scorer.tag(texts, explain = false) } }.sorted()
    println(
        """{"load_ms": ${(loaded - started) / 1e6}, "alone_ms": ${alone[alone.size / 2] * 1e3},""" +
            """ "per_second": ${texts.size / together[2]}, "tags_per_second": ${texts.size / tags[2]}}""",
    )
}

private fun elapsed(action: () -> Unit): Double {
    val started = System.nanoTime()
    action()
    return (System.nanoTime() - started) / 1e9
}

private fun line(tagging: Tagging): String {
    val reasons = tagging.reasons.joinToString { """["${it.code}", ${it.probability}]""" }
    val spans = tagging.spans.joinToString { """[${it.start}, ${it.end}, "${it.label}", ${it.weight}]""" }
    val probabilities = tagging.probabilities.entries.joinToString { (tag, value) -> """"$tag": $value""" }
    return """{"tag": "${tagging.tag}", "probabilities": {$probabilities}, "reasons": [$reasons], "spans": [$spans],""" +
        """ "needs_review": ${tagging.needsReview}}"""
}
