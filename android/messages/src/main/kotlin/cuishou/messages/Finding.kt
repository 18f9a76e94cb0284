package cuishou.messages

import cuishou.scorer.SmsScorer
import cuishou.scorer.Tagging

/**
 * A message and what the model says of it; [tagging] is null for what the phone's owner wrote.
 *
 * [number] counts from 1 over all that was read: tables cite it. [signature]: the sender's own name in the text. [familiar]: whether it is
 * from somebody whom the owner knows, who may only have passed it on; null where that is not asked, or not yet known. [saved]: only the
 * name that the sender is saved under speaks for that. [alleged] is the tagging as people are shown it, [Codebook.alleged].
 */
class Finding(
    val message: Message,
    val tagging: Tagging?,
    val number: Int = 0,
    val signature: String? = null,
    val familiar: Boolean? = null,
    val saved: Boolean = false,
    val alleged: Tagging? = tagging,
) {
    /** Who it is from: the signature, else the contact, else the number. */
    val sender: String get() = signature ?: message.contact ?: message.address.ifEmpty { "?" }

    /** Whether it is known to be from somebody whom the owner knows. */
    val isFamiliar: Boolean get() = familiar == true

    /** The same, known to be from somebody whom the owner knows, or not; [saved] by the name alone. */
    fun marked(familiar: Boolean, saved: Boolean = false): Finding = Finding(message, tagging, number, signature, familiar, saved, alleged)
}

/** Messages scored together: enough to fill the model's runs, few enough that progress is seen. */
private const val BATCH = 512

/** Tag what was received among [messages], in their order; batch by batch as the sequence is gone through. */
fun tagged(messages: Sequence<Message>, scorer: SmsScorer, codebook: Codebook): Sequence<List<Finding>> =
    messages.withIndex().chunked(BATCH) { batch ->
        val taggings = scorer.tag(batch.filter { it.value.isReceived }.map { it.value.body }).iterator()
        batch.map { (place, message) ->
            val tagging = if (message.isReceived) taggings.next() else null
            val alleged = tagging?.let { codebook.alleged(message.body, it) }
            Finding(message, tagging, place + 1, codebook.signature(message.body), alleged = alleged)
        }
}

/** What a person should see first: gravest tag of [tags] (least to gravest), then what is sure, then surest, then latest. */
fun byGravity(tags: List<String>): Comparator<Finding> = compareBy<Finding> { finding -> -(finding.tagging?.let { tags.indexOf(it.tag) } ?: -1) }
    .thenBy { it.tagging?.needsReview ?: false }
    .thenBy { -(it.tagging?.probability ?: 0.0) }
    .thenBy { -(it.message.moment?.at?.toEpochMilli() ?: 0) }
