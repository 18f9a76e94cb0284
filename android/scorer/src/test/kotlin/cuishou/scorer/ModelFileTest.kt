package cuishou.scorer

import java.nio.ByteBuffer
import java.nio.ByteOrder
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

class ModelFileTest {
    @Test
    fun `metadata is what onnxruntime finds`() {
        val model = Files.model()
        assertEquals(OnnxRuntime(model, threads = 1).use { it.metadata }, ModelFile.metadata(model))
    }

    @Test
    fun `what is no model is refused`() {
        assertThrows(ModelException::class.java) { ModelFile.metadata("not a model at all".toByteArray()) }
        assertThrows(ModelException::class.java) { ModelFile.metadata(Files.model().copyOf(1000)) }
        assertThrows(ModelException::class.java) { ModelFile.metadata(ByteArray(20) { -1 }) }
        assertEquals(emptyMap<String, String>(), ModelFile.metadata(ByteArray(0)))
    }

    @Test
    fun `an input loses its default and nothing else changes`() {
        fun field(number: Int, content: ByteArray) = byteArrayOf((number shl 3 or 2).toByte(), content.size.toByte()) + content
        fun model(name: String) = field(7, field(5, field(8, name.toByteArray()))) + field(14, field(1, "k".toByteArray()))
        assertArrayEquals(model("_xplain"), ModelFile.withoutDefault(model("explain"), EXPLAIN))
        assertArrayEquals(model("explains"), ModelFile.withoutDefault(model("explains"), EXPLAIN))
        val given = model("explain")
        ModelFile.withoutDefault(given, EXPLAIN)
        assertArrayEquals(model("explain"), given, "the caller's bytes stay")
    }

    @Test
    fun `outputs are unpacked in their order`() {
        val packed = ByteBuffer.allocate(4 * (1 + 2 + 1)).order(ByteOrder.LITTLE_ENDIAN)
        packed.putInt(1)
        (1..3).forEach { packed.putFloat(it.toFloat()) }
        val found = Packed.scores(packed.array(), rows = 1, tags = 2, reasons = 1)
        assertArrayEquals(longArrayOf(1), found.tags)
        assertArrayEquals(floatArrayOf(1f, 2f), found.tagProbabilities)
        assertArrayEquals(floatArrayOf(3f), found.reasonProbabilities)
        assertArrayEquals(booleanArrayOf(true, false), Packed(byteArrayOf(1, 0), 2).booleans(2))
    }

    @Test
    fun `outputs of another size are refused`() {
        assertThrows(ModelException::class.java) { Packed.scores(ByteArray(10), rows = 1, tags = 2, reasons = 1) }
    }
}
