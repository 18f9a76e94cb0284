package cuishou.app

import android.annotation.SuppressLint
import android.content.Context
import android.os.Handler
import android.os.Looper
import android.util.Base64
import android.webkit.JavascriptInterface
import android.webkit.RenderProcessGoneDetail
import android.webkit.WebResourceRequest
import android.webkit.WebResourceResponse
import android.webkit.WebView
import android.webkit.WebViewClient
import cuishou.scorer.Batch
import cuishou.scorer.EXPLAIN
import cuishou.scorer.Engine
import cuishou.scorer.Metadata
import cuishou.scorer.ModelException
import cuishou.scorer.ModelFile
import cuishou.scorer.Output
import cuishou.scorer.Packed
import cuishou.scorer.Scores
import java.io.ByteArrayInputStream
import java.io.FileNotFoundException
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/**
 * Runs the model in WebAssembly inside the phone's own web view, where the app has no native onnxruntime for its processor.
 *
 * The page and everything that it asks for come from the app's assets; the app has no permission for the network, and an address
 * that is none of ours is answered with nothing. Not for the main thread: every call waits for it.
 */
class WebEngine(private val context: Context, model: ByteArray) : Engine {
    override val metadata: Map<String, String> = ModelFile.metadata(model)

    private val understood = Metadata.parse(metadata)
    private val main = Handler(Looper.getMainLooper())
    private val answers = LinkedBlockingQueue<Result<ByteArray>>()
    private var view: WebView? = null // on the main thread only

    @Volatile
    private var isGone = false

    @Volatile
    private var codes = ByteArray(0)

    @Volatile
    private var file = ModelFile.withoutDefault(model, EXPLAIN)

    init {
        main.post(::open)
        answer(LOADING_SECONDS)
        file = ByteArray(0) // the page has it
    }

    @SuppressLint("SetJavaScriptEnabled") // the only page is ours
    private fun open() {
        try {
            view = WebView(context).apply {
                settings.javaScriptEnabled = true
                settings.blockNetworkLoads = true // as is so for want of the permission; what this class answers is no load
                settings.allowFileAccess = false
                settings.allowContentAccess = false
                webViewClient = Files()
                addJavascriptInterface(Host(), "host")
                loadUrl(ORIGIN + "engine.html")
            }
        } catch (error: RuntimeException) { // a phone without a web view, or with one that is being updated
            answers.put(Result.failure(ModelException("this phone's web view cannot be used: ${error.message}", error)))
        }
    }

    override fun score(batch: Batch): Scores =
        Packed.scores(run(batch, Output.SCORES), batch.rows, understood.tags.size, understood.reasons.size)

    override fun contributions(batch: Batch): FloatArray {
        val count = batch.codes.size * (understood.tags.size + understood.reasons.size)
        return Packed(run(batch, listOf(Output.CONTRIBUTIONS)), count * Int.SIZE_BYTES).floats(count)
    }

    override fun tokenStarts(batch: Batch): BooleanArray =
        Packed(run(batch, listOf(Output.TOKEN_STARTS)), batch.codes.size).booleans(batch.codes.size)

    @Synchronized
    private fun run(batch: Batch, outputs: List<String>): ByteArray {
        val buffer = ByteBuffer.allocate(batch.codes.size * Int.SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN)
        batch.codes.forEach { buffer.putInt(it) }
        codes = buffer.array()
        answers.clear()
        if (isGone) throw gone()
        val names = outputs.joinToString { "'$it'" }
        main.post { view?.evaluateJavascript("run([$names], ${batch.rows}, ${batch.columns})", null) }
        return answer(RUNNING_SECONDS)
    }

    override fun close() {
        main.post {
            view?.destroy()
            view = null
        }
    }

    private fun answer(seconds: Long): ByteArray {
        val answer = answers.poll(seconds, TimeUnit.SECONDS) ?: throw ModelException("this phone's web view did not answer; update it and try again")
        return answer.getOrThrow()
    }

    private fun gone() = ModelException("this phone's web view ran out of memory or broke down; close other apps and try again")

    /** What the page may call, on a thread of the web view's. */
    private inner class Host {
        @JavascriptInterface
        fun ready() = answers.put(Result.success(ByteArray(0)))

        @JavascriptInterface
        fun deliver(packed: String) = answers.put(Result.success(Base64.decode(packed, Base64.DEFAULT)))

        @JavascriptInterface
        fun failed(why: String) = answers.put(Result.failure(ModelException("this phone's web view cannot run the model: $why")))
    }

    /** Answers the page's requests, on a thread of the web view's. */
    private inner class Files : WebViewClient() {
        override fun shouldInterceptRequest(view: WebView, request: WebResourceRequest): WebResourceResponse {
            val name = request.url.toString().removePrefix(ORIGIN)
            val found = try {
                when (name) {
                    "codes" -> ByteArrayInputStream(codes)
                    "cuishou.onnx" -> ByteArrayInputStream(file)
                    in PAGE -> context.assets.open("web/$name")
                    else -> null
                }
            } catch (_: FileNotFoundException) {
                null
            }
            return if (found == null) answer(404, "Not Found", "", ByteArrayInputStream(ByteArray(0))) else answer(200, "OK", name, found)
        }

        /** Without it the app would be ended with the web view's process. */
        override fun onRenderProcessGone(dead: WebView, detail: RenderProcessGoneDetail): Boolean {
            isGone = true
            this@WebEngine.view = null
            dead.destroy()
            answers.put(Result.failure(gone()))
            return true
        }

        override fun shouldOverrideUrlLoading(view: WebView, request: WebResourceRequest): Boolean = true // nowhere else

        private fun answer(status: Int, phrase: String, name: String, content: InputStream): WebResourceResponse {
            val type = TYPES[name.substringAfterLast('.', "")] ?: "application/octet-stream"
            return WebResourceResponse(type, null, status, phrase, mapOf("Cache-Control" to "no-store"), content)
        }
    }

    private companion object {
        /** A name that can never be anyone's (RFC 2606). */
        const val ORIGIN = "https://cuishou.invalid/"
        const val LOADING_SECONDS = 60L
        const val RUNNING_SECONDS = 120L
        val PAGE = setOf("engine.html", "main.js", "engine.js", "ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
        val TYPES = mapOf("html" to "text/html", "js" to "text/javascript", "mjs" to "text/javascript", "wasm" to "application/wasm")
    }
}
