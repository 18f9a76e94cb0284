package cuishou.app

import android.app.Application

/** Holds the [Desk], so that turning the screen neither loads the model nor tags anything anew. */
class App : Application() {
    val desk: Desk by lazy { Desk(this) }
}
