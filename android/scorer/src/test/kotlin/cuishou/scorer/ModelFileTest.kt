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
    fun `outputs are unpacked in their order`() {
        val packed = ByteBuffer.allocate(4 * (1 + 2 + 1 + 2 * 3) + 2).order(ByteOrder.LITTLE_ENDIAN)
        packed.putInt(1)
        (1..9).forEach { packed.putFloat(it.toFloat()) }
        packed.put(1).put(0)
        val found = unpack(packed.array(), rows = 1, columns = 2, tags = 2, reasons = 1)
        assertArrayEquals(longArrayOf(1), found.tags)
        assertArrayEquals(floatArrayOf(1f, 2f), found.tagProbabilities)
        assertArrayEquals(floatArrayOf(3f), found.reasonProbabilities)
        assertArrayEquals(floatArrayOf(4f, 5f, 6f, 7f, 8f, 9f), found.contributions)
        assertArrayEquals(booleanArrayOf(true, false), found.tokenStarts)
    }

    @Test
    fun `outputs of another size are refused`() {
        assertThrows(ModelException::class.java) { unpack(ByteArray(10), 1, 2, 2, 1) }
    }
}
