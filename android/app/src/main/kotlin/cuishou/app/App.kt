package cuishou.app

import android.app.Application
import java.io.File

/** Holds the [Desk], so that turning the screen neither loads the model nor tags anything anew. */
class App : Application() {
    val desk: Desk by lazy { Desk(this) }

    override fun onCreate() {
        super.onCreate()
        File(cacheDir, TableProvider.FOLDER).deleteRecursively() // tables that were shared earlier: nothing is kept
    }
}
