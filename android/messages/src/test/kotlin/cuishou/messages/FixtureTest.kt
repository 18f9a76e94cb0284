package cuishou.messages

import cuishou.scorer.Json
import java.io.File
import java.io.InputStream
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/** The backups in `tests/backup/fixtures` are read here as by the Python readers: one set of files, two readers. */
class FixtureTest {
    private val folder = File(System.getProperty("cuishou.root"), "tests/backup/fixtures")
    private val backups = folder.listFiles().orEmpty().filterNot { it.name.endsWith(".expected.json") }.sorted()

    @TestFactory
    fun `a fixture is read as expected`(): List<DynamicTest> = backups.map { file ->
        dynamicTest(file.name) { assertEquals(expected(file), found(file, file.inputStream())) }
    }

    @TestFactory
    fun `reading in small pieces finds the same`(): List<DynamicTest> = backups.map { file ->
        dynamicTest(file.name) { assertEquals(expected(file), found(file, Dripping(file.inputStream()))) }
    }

    private fun expected(file: File): Any? = Json.parse(File(folder, file.name + ".expected.json").readText())

    private fun found(file: File, input: InputStream): Map<String, Any?> {
        val backup = input.use { opened ->
            val backup = Backup.open(opened, file.name)
            val messages = backup.messages.toList()
            Backup(backup.report, messages.asSequence())
        }
        val messages = backup.messages.map { message ->
            assertEquals(file.name, message.source)
            (Json.parse(Jsonl.line(Finding(message, null))) as Map<*, *>) - setOf("source", "tag", "number", "familiar")
        }.toList()
        val report = backup.report
        return mapOf(
            "declared" to report.declared,
            "read" to report.read.toLong(),
            "missing" to report.missing,
            "without_text" to report.withoutText.toLong(),
            "repaired" to report.repaired.toLong(),
            "messages" to messages,
        )
    }

    /** Hands over one byte at a time. */
    private class Dripping(private val input: InputStream) : InputStream() {
        override fun read() = input.read()

        override fun read(into: ByteArray, at: Int, length: Int): Int {
            if (length == 0) return 0
            val byte = read()
            if (byte >= 0) into[at] = byte.toByte()
            return if (byte < 0) -1 else 1
        }

        override fun close() = input.close()
    }
}
