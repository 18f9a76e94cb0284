package cuishou.messages

import cuishou.scorer.Tagging
import java.io.OutputStream
import java.math.BigDecimal
import java.math.RoundingMode

/** CSV for people, as `cuishou/output/table.py` writes it: opens in a spreadsheet in Chinese, and no cell can run as a formula. */
object Csv {
    private val COLUMNS = mapOf(
        "zh" to listOf(
            "编号", "来源", "序号", "方向", "时间(北京时间)", "号码", "联系人", "平时往来",
            "标签", "把握", "需人工核对", "原因", "依据文字", "内容",
        ),
        "en" to listOf(
            "no.", "source", "record", "direction", "time (UTC+8)", "number", "contact", "known to owner",
            "tag", "probability", "needs review", "reasons", "carried by", "text",
        ),
    )
    private val YES = mapOf("zh" to "是", "en" to "yes")

    /** Of a sender whose saved name alone speaks for an acquaintance. */
    private val CHECK = mapOf("zh" to "已存联系人，请核对", "en" to "saved, please check")
    private val DIRECTIONS = mapOf(Direction.IN to "收", Direction.OUT to "发", Direction.DRAFT to "草稿", Direction.UNKNOWN to "不明")

    /** A spreadsheet takes a cell that begins so for a formula; full-width forms too, in some Asian locales. */
    private val FORMULA = Regex("^[\\s\\p{Z}\u0085\u200b\ufeff]*[=+\\-@＝＋－＠\t\r]")

    /** Control characters, which spreadsheets refuse or drop. */
    private val UNPRINTABLE = Regex("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]")

    /** Write [findings] to [output], a row each, as UTF-8 with a byte order mark; the caller closes it. [language]: `zh` or `en`. */
    fun write(findings: Iterable<Finding>, codebook: Codebook, language: String, output: OutputStream) {
        val writer = output.bufferedWriter()
        writer.append('\ufeff').append(row(COLUMNS.getValue(language)))
        for (finding in findings) writer.append(row(cells(finding, codebook, language).map(::cell)))
        writer.flush()
    }

    /** [value] as a cell that shows as text: `'` before what would run, a replacement character for what cannot stand. */
    fun cell(value: String): String {
        val printable = StringBuilder(value.replace(UNPRINTABLE, "\ufffd"))
        for (place in value.indices) if (isLone(value, place)) printable[place] = '\ufffd'
        return if (FORMULA.containsMatchIn(printable)) "'$printable" else printable.toString()
    }

    private fun cells(finding: Finding, codebook: Codebook, language: String): List<String> {
        val message = finding.message
        val direction = if (language == "zh") DIRECTIONS.getValue(message.direction) else message.direction.key
        val head = listOf(
            finding.number.toString(), message.source, message.record.toString(), direction,
            message.moment?.local() ?: "", message.address, message.contact ?: "",
            if (finding.isFamiliar) (if (finding.saved) CHECK else YES).getValue(language) else "",
        )
        return head + (finding.alleged?.let { cells(it, message.body, codebook, language) } ?: List(5) { "" }) + message.body
    }

    private fun cells(tagging: Tagging, body: String, codebook: Codebook, language: String): List<String> = listOf(
        codebook.tag(tagging.tag, language),
        // cut off, so that nothing is sure that isn't; 0.29 is a little less than that
        BigDecimal(tagging.probability).setScale(6, RoundingMode.HALF_EVEN).setScale(2, RoundingMode.FLOOR).toPlainString(),
        if (tagging.needsReview) YES.getValue(language) else "",
        reasons(tagging, codebook, language),
        tagging.spans.map { body.substring(it.utf16(body)) }.distinct().joinToString(" / "),
    )

    /** The likely reasons, then the others, which are called possible; empty where there are none. */
    private fun reasons(tagging: Tagging, codebook: Codebook, language: String): String {
        val possible = codebook.names(tagging.possible, language)
        val marked = if (possible.isEmpty()) "" else if (language == "zh") "也可能：$possible" else "possibly also: $possible"
        return listOf(codebook.names(tagging.likely, language), marked).filter { it.isNotEmpty() }.joinToString(if (language == "zh") "；" else "; ")
    }

    private fun row(cells: List<String>): String = cells.joinToString(",", postfix = "\r\n") { cell ->
        if (cell.any { it in ",\"\r\n" }) "\"" + cell.replace("\"", "\"\"") + "\"" else cell
    }
}
