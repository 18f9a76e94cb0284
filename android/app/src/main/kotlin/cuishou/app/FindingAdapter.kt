package cuishou.app

import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.BaseAdapter
import android.widget.TextView
import cuishou.messages.Finding

/** The rows of the list; an item's id is its place in the unfiltered findings. */
class FindingAdapter(private val inflater: LayoutInflater, private val looks: Looks) : BaseAdapter() {
    private var findings: List<Finding> = emptyList()
    private var places: List<Int> = emptyList()

    /** Show those of [findings] at [places]. */
    fun show(findings: List<Finding>, places: List<Int>) {
        this.findings = findings
        this.places = places
        notifyDataSetChanged()
    }

    override fun getCount(): Int = places.size

    override fun getItem(position: Int): Finding = findings[places[position]]

    override fun getItemId(position: Int): Long = places[position].toLong()

    override fun getView(position: Int, recycled: View?, parent: ViewGroup): View {
        val row = recycled ?: inflater.inflate(R.layout.row, parent, false)
        val finding = getItem(position)
        row.findViewById<TextView>(R.id.head).text = looks.head(finding)
        row.findViewById<TextView>(R.id.body).text = looks.start(finding)
        return row
    }
}
