package cuishou.app

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.os.Bundle
import android.view.View
import android.widget.TextView

/** One message with the words that carried its tag, its reasons and their grounds. */
class MessageActivity : Activity() {
    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        setContentView(R.layout.message)
        actionBar?.setDisplayHomeAsUpEnabled(true)
        val desk = (application as App).desk
        val finding = (desk.work as? Work.Done)?.findings?.getOrNull(intent.getIntExtra(PLACE, -1))
            ?: return finish() // the app was ended meanwhile; its messages are never kept
        val looks = Looks(this, desk.codebook)
        findViewById<TextView>(R.id.head).text = looks.head(finding)
        findViewById<TextView>(R.id.body).text = looks.body(finding)
        findViewById<TextView>(R.id.reasons).text = looks.reasons(finding)
        findViewById<TextView>(R.id.where).let { view ->
            view.text = looks.whereToTurn(listOf(finding))
            view.visibility = if (view.text.isEmpty()) View.GONE else View.VISIBLE
        }
    }

    companion object {
        private const val PLACE = "place"

        /** To show the finding at [place] on the desk. */
        fun of(context: Context, place: Int): Intent = Intent(context, MessageActivity::class.java).putExtra(PLACE, place)
    }
}
