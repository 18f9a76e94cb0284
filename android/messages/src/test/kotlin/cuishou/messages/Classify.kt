package cuishou.messages

import cuishou.scorer.SmsScorer
import java.io.File

/**
 * Tags backups and writes their tables, as the app shares them, for `compare_tables.py`. Arguments: the model, the code book, a folder
 * to write into, and the backups. Writes `NAME.jsonl`, `NAME.zh.csv`, `NAME.en.csv` and the grounds as
 * `NAME.zh.grounds` and `NAME.en.grounds` for each.
 */
fun main(arguments: Array<String>) {
    val scorer = SmsScorer(File(arguments[0]).readBytes(), threads = 1)
    val codebook = Codebook.parse(File(arguments[1]).readText())
    for (file in arguments.drop(3).map(::File)) {
        val findings = file.inputStream().use { tagged(Backup.open(it, file.name).messages, scorer).flatten().toList() }
        fun table(end: String) = File(arguments[2], file.name + end).outputStream()
        table(".jsonl").use { Jsonl.write(findings, it) }
        for (language in listOf("zh", "en")) table(".$language.csv").use { Csv.write(findings, codebook, language, it) }
        for (language in listOf("zh", "en")) table(".$language.grounds").bufferedWriter().use { it.write(grounds(findings, codebook, language)) }
    }
}

private fun grounds(findings: List<Finding>, codebook: Codebook, language: String): String = findings.joinToString("") { finding ->
    val message = finding.message
    val codes = finding.tagging?.reasons.orEmpty().map { it.code }
    codes.joinToString("") { code ->
        codebook.grounds(code, message.moment?.local()?.take(10), signature(message.body), codes - code, language)
            .joinToString("") { "${message.record} $code $it\n" }
    }
}
