package cuishou.messages

import cuishou.scorer.SmsScorer
import cuishou.scorer.Tagging

/**
 * A message and what the model says of it; [tagging] is null for what the phone's owner wrote. [number] counts from 1 over all that
 * was read: tables cite it.
 */
class Finding(val message: Message, val tagging: Tagging?, val number: Int = 0) {
    /** Who it is from: the signature, else the contact, else the number. */
    val sender: String get() = signature(message.body) ?: message.contact ?: message.address.ifEmpty { "?" }
}

/** Messages scored together: enough to fill the model's runs, few enough that progress is seen. */
private const val BATCH = 512

/** Tag what was received among [messages], in their order; batch by batch as the sequence is gone through. */
fun tagged(messages: Sequence<Message>, scorer: SmsScorer): Sequence<List<Finding>> = messages.withIndex().chunked(BATCH) { batch ->
    val taggings = scorer.tag(batch.filter { it.value.isReceived }.map { it.value.body }).iterator()
    batch.map { (place, message) -> Finding(message, if (message.isReceived) taggings.next() else null, place + 1) }
}

/** What a person should see first: gravest tag of [tags] (least to gravest), then what is sure, then surest, then latest. */
fun byGravity(tags: List<String>): Comparator<Finding> = compareBy<Finding> { finding -> -(finding.tagging?.let { tags.indexOf(it.tag) } ?: -1) }
    .thenBy { it.tagging?.needsReview ?: false }
    .thenBy { -(it.tagging?.probability ?: 0.0) }
    .thenBy { -(it.message.moment?.at?.toEpochMilli() ?: 0) }

private val SIGNATURE = Regex("""^\s*[【\[]([^【】\[\]\n]{1,24})[】\]]|【([^【】\n]{1,24})】\s*$""")

/** The sender's own name in 【…】 at the start or the end of a message; null where there is none. */
fun signature(body: String): String? =
    SIGNATURE.find(body)?.let { found -> found.groupValues.drop(1).first { it.isNotEmpty() }.trim().ifEmpty { null } }
