package cuishou.app

import android.Manifest
import android.app.Activity
import android.app.AlertDialog
import android.content.ContentResolver
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Bundle
import android.os.Parcelable
import android.text.Editable
import android.text.TextWatcher
import android.view.Menu
import android.view.MenuItem
import android.view.View
import android.widget.AdapterView
import android.widget.ArrayAdapter
import android.widget.EditText
import android.widget.ListView
import android.widget.ProgressBar
import android.widget.Spinner
import android.widget.TextView
import cuishou.messages.Filter
import cuishou.messages.Shown

/** Takes in a backup, this phone's messages or a text, and lists what was found, gravest first. */
class MainActivity : Activity() {
    private val desk get() = (application as App).desk
    private lateinit var looks: Looks
    private lateinit var adapter: FindingAdapter
    private var filter = Filter()

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        setContentView(R.layout.main)
        looks = Looks(this, desk.codebook)
        adapter = FindingAdapter(layoutInflater, looks)
        findViewById<View>(R.id.open).setOnClickListener { pick() }
        findViewById<View>(R.id.read_phone).setOnClickListener { readPhone() }
        findViewById<View>(R.id.paste).setOnClickListener { paste() }
        findViewById<ListView>(R.id.list).let { list ->
            list.adapter = adapter
            list.emptyView = findViewById(R.id.nothing)
            list.setOnItemClickListener { _, _, _, place -> startActivity(MessageActivity.of(this, place.toInt())) }
        }
        findViewById<EditText>(R.id.words).addTextChangedListener(object : TextWatcher {
            override fun beforeTextChanged(text: CharSequence?, start: Int, count: Int, after: Int) = Unit

            override fun onTextChanged(text: CharSequence?, start: Int, before: Int, count: Int) = Unit

            override fun afterTextChanged(text: Editable?) = filterBy(filter.copy(words = text.toString()))
        })
        if (saved == null) {
            if (desk.work is Work.None) desk.later({ TableProvider.forget(this) }) {}
            take(intent)
        }
    }

    override fun onStart() {
        super.onStart()
        desk.listener = ::show
        show(desk.work)
    }

    override fun onStop() {
        desk.listener = null
        super.onStop()
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        take(intent)
    }

    /** What another app shares: a file, or a text. */
    private fun take(intent: Intent) {
        @Suppress("DEPRECATION") // its successor is newer than Android 8
        val uri = if (intent.action == Intent.ACTION_SEND) intent.getParcelableExtra<Parcelable>(Intent.EXTRA_STREAM) as? Uri else intent.data
        val text = intent.getCharSequenceExtra(Intent.EXTRA_TEXT)?.toString()
        when (intent.action) {
            Intent.ACTION_SEND, Intent.ACTION_VIEW -> if (uri != null) open(uri) else text?.takeIf { it.isNotBlank() }?.let(desk::tagText)
        }
    }

    private fun pick() {
        val intent = Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType("*/*")
        startActivityForResult(intent, PICK)
    }

    override fun onActivityResult(request: Int, result: Int, data: Intent?) {
        if (request == PICK && result == RESULT_OK) data?.data?.let(::open)
    }

    /** Only what a provider hands over: a path, which another app could name, might lead into this app's own files. */
    private fun open(uri: Uri) {
        if (uri.scheme == ContentResolver.SCHEME_CONTENT) desk.openBackup(uri) else say(getString(R.string.failed_file, uri.lastPathSegment ?: "?"))
    }

    private fun readPhone() {
        if (checkSelfPermission(Manifest.permission.READ_SMS) == PackageManager.PERMISSION_GRANTED) desk.readPhone()
        else requestPermissions(arrayOf(Manifest.permission.READ_SMS), READ)
    }

    override fun onRequestPermissionsResult(request: Int, permissions: Array<String>, results: IntArray) {
        if (request != READ) return
        if (results.firstOrNull() == PackageManager.PERMISSION_GRANTED) desk.readPhone() else say(getString(R.string.failed_permission))
    }

    private fun paste() {
        val text = layoutInflater.inflate(R.layout.paste, findViewById(android.R.id.content), false) as EditText
        AlertDialog.Builder(this)
            .setTitle(R.string.paste)
            .setView(text)
            .setPositiveButton(R.string.tag_it) { _, _ -> text.text.toString().takeIf { it.isNotBlank() }?.let(desk::tagText) }
            .setNegativeButton(R.string.cancel, null)
            .show()
    }

    private fun show(work: Work) {
        val progress = findViewById<ProgressBar>(R.id.progress)
        progress.visibility = if (work is Work.Going) View.VISIBLE else View.GONE
        findViewById<View>(R.id.filters).visibility = if (canFilter(work)) View.VISIBLE else View.GONE
        when (work) {
            is Work.None -> say(getString(R.string.welcome))
            is Work.Failed -> say(work.reason)
            is Work.Going -> {
                progress.isIndeterminate = work.total == 0
                progress.max = work.total
                progress.progress = work.done
                say(if (work.total == 0) getString(R.string.working, work.done) else getString(R.string.working_of, work.done, work.total))
            }
            is Work.Done -> {
                later({ Summary.of(work, desk.tags, desk.codebook, resources) }) { if (desk.work === work) say(it) }
                showTags()
            }
        }
        filterBy(filter)
    }

    /** File names are other people's text too. */
    private fun say(sentence: String) {
        findViewById<TextView>(R.id.status).text = Shown(sentence).text
    }

    private fun showTags() {
        val choices = listOf<String?>(null) + desk.tags.reversed()
        val names = choices.map { tag -> tag?.let { desk.codebook.tag(it, looks.language) } ?: getString(R.string.all) }
        val spinner = findViewById<Spinner>(R.id.tag)
        if (spinner.count == names.size + 1) return // as it was before the screen turned
        spinner.adapter = ArrayAdapter(this, android.R.layout.simple_spinner_dropdown_item, names + getString(R.string.only_review))
        spinner.onItemSelectedListener = object : AdapterView.OnItemSelectedListener {
            override fun onItemSelected(parent: AdapterView<*>?, view: View?, place: Int, id: Long) =
                filterBy(filter.copy(tag = choices.getOrNull(place), onlyReview = place == choices.size))

            override fun onNothingSelected(parent: AdapterView<*>?) = Unit
        }
    }

    /** A filter that isn't in sight, as above a single text, hides nothing. */
    private fun filterBy(filter: Filter) {
        this.filter = filter
        val work = desk.work
        val nothing = findViewById<TextView>(R.id.nothing)
        if (work is Work.Done) {
            desk.filter(work.findings, if (canFilter(work)) filter else Filter()) { places ->
                if (desk.work !== work) return@filter
                adapter.show(work.findings, places)
                nothing.setText(R.string.nothing)
            }
        } else {
            adapter.show(emptyList(), emptyList())
            nothing.text = ""
        }
    }

    /** Work [task] out beside the main thread, and [use] it if this screen is still there. */
    private fun <T : Any> later(task: () -> T, failed: () -> Unit = {}, use: (T) -> Unit) =
        desk.later(task) { found -> if (!isDestroyed) found?.let(use) ?: failed() }

    private fun canFilter(work: Work) = work is Work.Done && work.findings.size > 1

    override fun onCreateOptionsMenu(menu: Menu): Boolean {
        menuInflater.inflate(R.menu.main, menu)
        return true
    }

    override fun onPrepareOptionsMenu(menu: Menu): Boolean {
        val hasTable = desk.work is Work.Done
        menu.findItem(R.id.next).isEnabled = hasTable
        menu.findItem(R.id.share_csv).isEnabled = hasTable
        menu.findItem(R.id.share_jsonl).isEnabled = hasTable
        return true
    }

    override fun onOptionsItemSelected(item: MenuItem): Boolean {
        val done = desk.work as? Work.Done
        when (item.itemId) {
            R.id.next -> if (done != null) later({ looks.nextSteps(done.findings) }) { tell(R.string.next, it) }
            R.id.share_csv -> if (done != null) share(Table.CSV, done)
            R.id.share_jsonl -> if (done != null) share(Table.JSONL, done)
            R.id.about -> about()
            else -> return super.onOptionsItemSelected(item)
        }
        return true
    }

    private fun share(table: Table, done: Work.Done) {
        val write = { TableProvider.write(this, table, done.findings, desk.codebook, looks.language) }
        later(write, { say(getString(R.string.failed_share)) }) { uri -> send(table, uri) }
    }

    private fun send(table: Table, uri: Uri) {
        val intent = Intent(Intent.ACTION_SEND).setType(table.type).putExtra(Intent.EXTRA_STREAM, uri)
        intent.addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        intent.clipData = android.content.ClipData.newRawUri(null, uri) // the chooser hands on the grant from here
        startActivity(Intent.createChooser(intent, null))
    }

    private fun about() {
        val parts = listOf(getString(R.string.about_text, desk.modelVersion), getString(R.string.limits), getString(R.string.notices))
        tell(R.string.app_name, parts.joinToString("\n\n"))
    }

    private fun tell(title: Int, text: CharSequence) {
        AlertDialog.Builder(this)
            .setTitle(title)
            .setMessage(text)
            .setPositiveButton(android.R.string.ok, null)
            .show()
    }

    private companion object {
        const val PICK = 1
        const val READ = 2
    }
}
