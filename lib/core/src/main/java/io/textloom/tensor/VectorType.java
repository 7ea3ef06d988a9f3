package io.textloom.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** In which numbers vectors are stored. */
public enum VectorType {
    FLOAT32,
    /** IEEE 754 binary16, little-endian, two bytes each. */
    FLOAT16,
    /** Codes -127..127 and one scale per vector: value = code * scale. */
    INT8,
    /** One bit each, 1 for a positive value; eight to a byte, the first in the highest bit. As sentence-transformers' ubinary. */
    BINARY;

    /** The smallest magnitude that rounds beyond half precision's range. */
    private static final float HALVES_END = 65520;

    /** Whether a vector of finite numbers is stored without any becoming infinite. */
    public boolean holds(float[] vector) {
        if (this == FLOAT16) {
            for (float v : vector) {
                if (Math.abs(v) >= HALVES_END) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Bytes of a stored vector of so many dimensions, its scale not counted. */
    public int bytes(int dimensions) {
        return switch (this) {
            case FLOAT32 -> 4 * dimensions;
            case FLOAT16 -> 2 * dimensions;
            case INT8 -> dimensions;
            case BINARY -> (dimensions + 7) / 8;
        };
    }

    /** The scale at which the largest component of a vector has the code 127; 1 for a vector of zeros. */
    public static float scale(float[] vector) {
        float largest = 0;
        for (float v : vector) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest == 0 ? 1 : largest / 127;
    }

    /** Codes of a vector: each component divided by the scale and rounded to the nearest integer. */
    public static byte[] codes(float[] vector, float scale) {
        byte[] codes = new byte[vector.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) Math.max(-127, Math.min(127, Math.round(vector[i] / scale)));
        }
        return codes;
    }

    /** byte[2 * vector.length]; values beyond half precision's range become infinite. */
    public static byte[] halves(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float v : vector) {
            bytes.putShort(HalfFloats.fromFloat(v));
        }
        return bytes.array();
    }

    /** Signs of a vector. */
    public static byte[] bits(float[] vector) {
        byte[] bits = new byte[(vector.length + 7) / 8];
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] > 0) {
                bits[i >> 3] |= (byte) (0x80 >> (i & 7));
            }
        }
        return bits;
    }
}
