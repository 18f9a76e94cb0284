package cuishou.messages

// What `pack.py` wrote, by kind. Each throws IllegalArgumentException for anything else.

internal fun map(value: Any?): Map<*, *> = requireNotNull(value as? Map<*, *>) { "the code book has no object where one belongs" }

internal fun list(value: Any?): List<*> = requireNotNull(value as? List<*>) { "the code book has no list where one belongs" }

internal fun text(value: Any?): String = requireNotNull(value as? String) { "the code book has no text where one belongs" }

internal fun texts(value: Any?): List<String> = list(value).map(::text)

internal fun names(value: Any?): Map<String, String> = map(value).entries.associate { (key, name) -> text(key) to text(name) }

internal fun byLanguage(value: Any?): Map<String, Map<String, String>> =
    map(value).entries.associate { (language, names) -> text(language) to names(names) }

internal fun pattern(value: Any?): Regex = Regex(text(value))
