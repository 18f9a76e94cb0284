package cuishou.app

import android.content.Context
import android.net.Uri
import android.os.Handler
import android.os.Looper
import android.provider.OpenableColumns
import cuishou.messages.Backup
import cuishou.messages.Codebook
import cuishou.messages.Filter
import cuishou.messages.Finding
import cuishou.messages.ImportReport
import cuishou.messages.Message
import cuishou.messages.UnreadableBackup
import cuishou.messages.byGravity
import cuishou.messages.tagged
import cuishou.scorer.ModelException
import cuishou.scorer.OnnxRuntime
import cuishou.scorer.SmsScorer
import java.io.IOException
import java.io.InputStream
import java.util.concurrent.CancellationException
import java.util.concurrent.Executors

/** What is on the desk: nothing, work, findings (gravest first), or why there are none. */
sealed class Work {
    object None : Work()

    /** [done] messages of [total] are tagged; [total] is 0 where it isn't known. */
    class Going(val done: Int, val total: Int) : Work()

    class Done(val findings: List<Finding>, val report: ImportReport) : Work() {
        val received = findings.count { it.tagging != null }
    }

    /** [reason] is a sentence for the person. */
    class Failed(val reason: String) : Work()
}

/** Reads and tags in the background, one thing at a time; tells [listener] on the main thread. Messages are kept in memory only. */
class Desk(private val context: Context) {
    private val worker = Executors.newSingleThreadExecutor()
    private val main = Handler(Looper.getMainLooper())

    /** Set on the main thread only. What an earlier turn still says is not heard, and it ends when it next tells of its progress. */
    @Volatile
    private var turn = 0

    // On the main thread only.
    private var filtering = 0
    private var filtered: Filtered? = null

    private class Filtered(val findings: List<Finding>, val filter: Filter, val places: List<Int>)

    /** Told of every change of [work], on the main thread. */
    var listener: ((Work) -> Unit)? = null

    var work: Work = Work.None
        private set

    /** Names and grounds, packed at build time. */
    val codebook: Codebook by lazy { Codebook.parse(asset("codebook.json").decodeToString()) }

    private var scorer: SmsScorer? = null // on the worker only

    /** Loads the model at the first message, and anew after it failed. Throws [ModelException]. */
    private fun scorer(): SmsScorer = scorer ?: run {
        val model = asset("cuishou.onnx")
        // Looked at first: where onnxruntime's classes once failed to find their library, they say so only the first time.
        SmsScorer(if (hasNativeLibrary()) OnnxRuntime(model) else WebEngine(context, model)).also { scorer = it }
    }

    private fun hasNativeLibrary(): Boolean = try {
        System.loadLibrary("onnxruntime")
        true
    } catch (_: UnsatisfiedLinkError) {
        false
    }

    /** The model's tags, from least to gravest; empty before the model is loaded. */
    @Volatile
    var tags: List<String> = emptyList()
        private set

    @Volatile
    var modelVersion: String = ""
        private set

    private fun asset(name: String): ByteArray = context.assets.open(name).use { it.readBytes() }

    /** Tag the backup at [uri], which another app or the file picker handed over. */
    fun openBackup(uri: Uri) = start { progress ->
        val name = name(uri)
        opened(uri, name).use { opened ->
            val backup = Backup.open(opened, name)
            findings(backup.messages, 0, progress) to backup.report
        }
    }

    private fun name(uri: Uri): String = try {
        context.contentResolver.query(uri, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)?.use { rows ->
            if (rows.moveToFirst()) rows.getString(0) else null
        }
    } catch (_: RuntimeException) { // other apps' providers may throw anything
        null
    } ?: uri.lastPathSegment ?: "?"

    /** Other apps' providers may throw anything, or have taken their file back: to the person it's a file that can't be opened. */
    private fun opened(uri: Uri, name: String): InputStream = try {
        context.contentResolver.openInputStream(uri)
    } catch (error: RuntimeException) {
        throw IOException(name, error)
    } catch (error: IOException) {
        throw IOException(name, error)
    } ?: throw IOException(name)

    /** Tag this phone's own messages. Needs the permission READ_SMS. */
    fun readPhone() = start { progress ->
        val report = ImportReport(context.getString(R.string.this_phone), "Android")
        Inbox.read(context.contentResolver, report) { total, messages -> findings(messages, total, progress) } to report
    }

    /** Tag one text. */
    fun tagText(text: String) = start { progress ->
        val report = ImportReport(context.getString(R.string.pasted), "text", read = 1)
        findings(sequenceOf(Message(text, source = report.source, record = 1)), 1, progress) to report
    }

    private fun findings(messages: Sequence<Message>, total: Int, progress: (Int, Int) -> Unit): List<Finding> {
        val found = ArrayList<Finding>()
        val scorer = scorer()
        tags = scorer.metadata.tags
        modelVersion = scorer.metadata.version
        for (batch in tagged(messages, scorer, codebook)) {
            found += batch
            progress(found.size, total)
        }
        return codebook.recognised(found).sortedWith(byGravity(tags))
    }

    /** Work [task] out on the worker, and hand what it gives to [use] on the main thread; null where a file could not be written. */
    fun <T : Any> later(task: () -> T, use: (T?) -> Unit) = worker.execute {
        val found = try {
            task()
        } catch (_: IOException) {
            null
        }
        main.post { use(found) }
    }

    /** Hand the places of those of [findings] that [filter] shows to [use], unless another filter was asked for meanwhile. */
    fun filter(findings: List<Finding>, filter: Filter, use: (List<Int>) -> Unit) {
        val mine = ++filtering
        filtered?.let { if (it.findings === findings && it.filter == filter) return use(it.places) } // at once, so that a list keeps its place
        later({ findings.indices.filter { filter.shows(findings[it]) } }) { places ->
            if (mine == filtering && places != null) {
                filtered = Filtered(findings, filter, places)
                use(places)
            }
        }
    }

    private fun start(task: ((Int, Int) -> Unit) -> Pair<List<Finding>, ImportReport>) {
        val mine = ++turn
        fun tell(work: Work) = main.post {
            if (mine == turn) {
                this.work = work
                listener?.invoke(work)
            }
        }
        tell(Work.Going(0, 0))
        worker.execute {
            tell(
                try {
                    val (findings, report) = task { done, total ->
                        if (mine != turn) throw CancellationException()
                        tell(Work.Going(done, total))
                    }
                    Work.Done(findings, report)
                } catch (_: CancellationException) {
                    return@execute
                } catch (error: UnreadableBackup) {
                    Work.Failed(context.getString(sentence(error.kind), error.source))
                } catch (error: ModelException) {
                    scorer = null
                    Work.Failed(context.getString(R.string.failed_model, error.message))
                } catch (error: IOException) {
                    Work.Failed(context.getString(R.string.failed_file, error.message))
                } catch (_: SecurityException) { // the owner took the permission back
                    Work.Failed(context.getString(R.string.failed_permission))
                } catch (_: OutOfMemoryError) {
                    Work.Failed(context.getString(R.string.failed_many))
                },
            )
        }
    }

    private fun sentence(kind: UnreadableBackup.Kind): Int = when (kind) {
        UnreadableBackup.Kind.EMPTY -> R.string.failed_empty
        UnreadableBackup.Kind.UNKNOWN -> R.string.failed_unknown
        UnreadableBackup.Kind.ENCRYPTED -> R.string.failed_encrypted
        UnreadableBackup.Kind.FORBIDDEN -> R.string.failed_forbidden
    }
}
