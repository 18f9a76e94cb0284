package cuishou.messages

import cuishou.scorer.SmsScorer
import cuishou.scorer.Tagging

/**
 * A message and what the model says of it; [tagging] is null for what the phone's owner wrote.
 *
 * [signature]: the sender's own name in the text. [isFamiliar]: it is from somebody whom the owner knows, who may only have passed it
 * on.
 */
class Finding(val message: Message, val tagging: Tagging?, val signature: String? = null, val isFamiliar: Boolean = false) {
    /** Who it is from: the signature, else the contact, else the number. */
    val sender: String get() = signature ?: message.contact ?: message.address.ifEmpty { "?" }

    /** The same from somebody whom the owner knows. */
    fun familiar(): Finding = Finding(message, tagging, signature, isFamiliar = true)
}

/** Messages scored together: enough to fill the model's runs, few enough that progress is seen. */
private const val BATCH = 512

/** Tag what was received among [messages], in their order; batch by batch as the sequence is gone through. */
fun tagged(messages: Sequence<Message>, scorer: SmsScorer, codebook: Codebook): Sequence<List<Finding>> = messages.chunked(BATCH) { batch ->
    val taggings = scorer.tag(batch.filter { it.isReceived }.map { it.body }).iterator()
    batch.map { Finding(it, if (it.isReceived) taggings.next() else null, codebook.signature(it.body)) }
}

/** What a person should see first: gravest tag of [tags] (least to gravest), then what is sure, then surest, then latest. */
fun byGravity(tags: List<String>): Comparator<Finding> = compareBy<Finding> { finding -> -(finding.tagging?.let { tags.indexOf(it.tag) } ?: -1) }
    .thenBy { it.tagging?.needsReview ?: false }
    .thenBy { -(it.tagging?.probability ?: 0.0) }
    .thenBy { -(it.message.moment?.at?.toEpochMilli() ?: 0) }
