package cuishou.messages

import cuishou.scorer.SmsScorer
import java.io.File

/**
 * Tags backups and writes their tables, as the app shares them, for `compare_tables.py`. Arguments: the model, the code book, a folder
 * to write into, and the backups. Writes for each `NAME.jsonl`, `NAME.familiar` (the records from acquaintances) and in Chinese (`zh`) and
 * English `NAME.zh.csv`, `NAME.zh.grounds` and `NAME.zh.turns` (where to complain, about whom).
 */
fun main(arguments: Array<String>) {
    val scorer = SmsScorer(File(arguments[0]).readBytes(), threads = 1)
    val codebook = Codebook.parse(File(arguments[1]).readText())
    for (file in arguments.drop(3).map(::File)) {
        val found = file.inputStream().use { tagged(Backup.open(it, file.name).messages, scorer, codebook).flatten().toList() }
        val findings = codebook.recognised(found)
        fun table(end: String) = File(arguments[2], file.name + end).outputStream()
        fun lines(end: String, lines: List<String>) = table(end).bufferedWriter().use { out -> lines.forEach { out.append(it).append('\n') } }
        table(".jsonl").use { Jsonl.write(findings, it) }
        lines(".familiar", findings.filter { it.isFamiliar }.map { it.message.record.toString() })
        for (language in listOf("zh", "en")) {
            table(".$language.csv").use { Csv.write(findings, codebook, language, it) }
            lines(".$language.grounds", findings.flatMap { grounds(it, codebook, language) })
            lines(".$language.turns", codebook.whereToTurn(findings, language).map { "${it.sentence} ${it.about.sorted()}" })
        }
    }
}

private fun grounds(finding: Finding, codebook: Codebook, language: String): List<String> =
    codebook.bases(finding, language).flatMap { basis -> basis.sentences.map { "${finding.message.record} ${basis.code} $it" } }
