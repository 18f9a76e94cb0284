package cuishou.app

import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import android.provider.OpenableColumns
import cuishou.messages.Codebook
import cuishou.messages.Csv
import cuishou.messages.Finding
import cuishou.messages.Jsonl
import java.io.File
import java.io.FileNotFoundException

/** The forms in which findings are shared; the same as `cuishou classify -o` writes. */
enum class Table(val fileName: String, val type: String) {
    CSV("messages.csv", "text/csv"),
    JSONL("messages.jsonl", "application/x-ndjson"),
}

/** Hands the shared table to the app that the owner chose. Read-only; it serves the files of [Table] and no other. */
class TableProvider : ContentProvider() {
    override fun onCreate(): Boolean = true

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        if (mode != "r") throw SecurityException("tables can only be read")
        return ParcelFileDescriptor.open(file(uri), ParcelFileDescriptor.MODE_READ_ONLY)
    }

    override fun query(uri: Uri, columns: Array<String>?, selection: String?, arguments: Array<String>?, order: String?): Cursor {
        val file = file(uri)
        val known = (columns ?: arrayOf(OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE))
        return MatrixCursor(known).apply {
            addRow(known.map { column ->
                when (column) {
                    OpenableColumns.DISPLAY_NAME -> file.name
                    OpenableColumns.SIZE -> file.length()
                    else -> null
                }
            })
        }
    }

    override fun getType(uri: Uri): String = table(uri).type

    override fun insert(uri: Uri, values: ContentValues?): Uri? = throw UnsupportedOperationException()

    override fun delete(uri: Uri, selection: String?, arguments: Array<String>?): Int = throw UnsupportedOperationException()

    override fun update(uri: Uri, values: ContentValues?, selection: String?, arguments: Array<String>?): Int =
        throw UnsupportedOperationException()

    private fun table(uri: Uri): Table =
        Table.values().firstOrNull { uri.pathSegments == listOf(it.fileName) } ?: throw FileNotFoundException(uri.toString())

    private fun file(uri: Uri): File = file(requireNotNull(context), table(uri)).also { if (!it.exists()) throw FileNotFoundException(it.name) }

    companion object {
        private const val AUTHORITY = "cuishou.app.tables"

        /** Below the cache. */
        private const val FOLDER = "tables"

        /** Delete what was shared earlier: nothing is kept. Not at the start of the process, which another app's late reading brings about. */
        fun forget(context: Context) {
            File(context.cacheDir, FOLDER).deleteRecursively()
        }

        private fun file(context: Context, table: Table) = File(File(context.cacheDir, FOLDER).apply { mkdirs() }, table.fileName)

        /** Write [findings] in the order of their file, and return where the table can be read by those who are given leave. */
        fun write(context: Context, table: Table, findings: List<Finding>, codebook: Codebook, language: String): Uri {
            val ordered = findings.sortedBy { it.message.record }
            file(context, table).outputStream().use { output ->
                when (table) {
                    Table.CSV -> Csv.write(ordered, codebook, language, output)
                    Table.JSONL -> Jsonl.write(ordered, output)
                }
            }
            return Uri.Builder().scheme("content").authority(AUTHORITY).appendPath(table.fileName).build()
        }
    }
}
