package io.spillway.crypto.record;

import static io.spillway.crypto.RecordSuite.TAG_LENGTH;

import io.spillway.crypto.RecordSuite;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The test that an implementation passes before it is used: published answers of each suite, a
 * record of full length (implementations switch to other code for long input), and the refusal of
 * every kind of forgery.
 */
final class KnownAnswers {
    private static final String GCM_NONCE = "cafebabefacedbaddecaf888";
    private static final String GCM_ADDITIONAL_DATA = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    private static final String GCM_PLAINTEXT =
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

    private static final Answer[] ANSWERS = {
        // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test case 4.
        new Answer(
                RecordSuite.AES_128_GCM,
                "feffe9928665731c6d6a8f9467308308",
                GCM_NONCE,
                GCM_ADDITIONAL_DATA,
                GCM_PLAINTEXT,
                "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                        + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
                "5bc94fbc3221a5db94fae95ae7121a47",
                "f130e34b4bafdcb4691cd8263524d1b8"),
        // The same, test case 16.
        new Answer(
                RecordSuite.AES_256_GCM,
                "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                GCM_NONCE,
                GCM_ADDITIONAL_DATA,
                GCM_PLAINTEXT,
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
                "76fc6ece0f4e1768cddf8853bb2d551b",
                "26b15b65f8de3cb17a01ebbeaf04b8c4"),
        // RFC 8439 §2.8.2.
        new Answer(
                RecordSuite.CHACHA20_POLY1305,
                "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
                "070000004041424344454647",
                "50515253c0c1c2c3c4c5c6c7",
                "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
                        + "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
                        + "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
                        + "637265656e20776f756c642062652069742e",
                "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                        + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                        + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                        + "3ff4def08e4b7a9de576d26586cec64b6116",
                "1ae10b594f09e26a7e902ecbd0600691",
                "a12a22df060f17389786664515f86d0c"),
    };

    private static final int LONG_LENGTH = 1400;

    private KnownAnswers() {}

    /**
     * @param longTag tag of {@link #longPlaintext()} under the same key and data, with the lowest
     *     bit of the nonce's first byte turned; OpenSSL and the JDK agree on it
     */
    private record Answer(
            RecordSuite suite,
            String key,
            String nonce,
            String additionalData,
            String plaintext,
            String ciphertext,
            String tag,
            String longTag) {}

    /** Null when all answers are right, else which one was not. */
    static String failure(RecordCiphers.Factory factory) {
        for (Answer answer : ANSWERS) {
            String what = failure(factory, answer);
            if (what != null) {
                return answer.suite() + ": " + what;
            }
        }
        return null;
    }

    private static String failure(RecordCiphers.Factory factory, Answer answer) {
        byte[] plaintext = bytes(answer.plaintext());
        byte[] sealed = bytes(answer.ciphertext() + answer.tag());
        try (RecordCipher cipher = factory.create(answer.suite(), bytes(answer.key()));
                AeadInputs inputs = inputs(answer)) {
            if (!Arrays.equals(seal(cipher, inputs, plaintext), sealed)) {
                return "does not seal as published";
            }
            if (!Arrays.equals(open(cipher, inputs, sealed), plaintext)) {
                return "does not open what is published";
            }
            if (!refusesForgeries(cipher, inputs, sealed)) {
                return "opens a forgery";
            }
            turnBit(inputs.nonce(), 0);
            return longFailure(cipher, inputs, bytes(answer.longTag()));
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    private static String longFailure(RecordCipher cipher, AeadInputs inputs, byte[] tag) {
        byte[] sealed = seal(cipher, inputs, longPlaintext());
        if (!Arrays.equals(sealed, LONG_LENGTH, sealed.length, tag, 0, TAG_LENGTH)) {
            return "seals " + LONG_LENGTH + " bytes wrongly";
        }
        if (!Arrays.equals(open(cipher, inputs, sealed), longPlaintext())) {
            return "opens " + LONG_LENGTH + " bytes wrongly";
        }
        return null;
    }

    private static boolean refusesForgeries(RecordCipher cipher, AeadInputs inputs, byte[] sealed) {
        for (int index = 0; index < sealed.length; index++) {
            byte[] forged = sealed.clone();
            forged[index] ^= 1;
            if (open(cipher, inputs, forged) != null) {
                return false;
            }
        }
        return refusesOtherInputs(cipher, inputs, inputs.nonce(), sealed)
                && refusesOtherInputs(cipher, inputs, inputs.additionalData(), sealed);
    }

    private static boolean refusesOtherInputs(
            RecordCipher cipher, AeadInputs inputs, UnsafeBuffer part, byte[] sealed) {
        for (int index = 0; index < part.capacity(); index++) {
            turnBit(part, index);
            byte[] opened = open(cipher, inputs, sealed);
            turnBit(part, index);
            if (opened != null) {
                return false;
            }
        }
        return true;
    }

    private static byte[] seal(RecordCipher cipher, AeadInputs inputs, byte[] plaintext) {
        UnsafeBuffer memory = offHeap(plaintext.length + TAG_LENGTH);
        memory.putBytes(0, plaintext);
        cipher.seal(inputs, memory.addressOffset(), plaintext.length, memory.addressOffset());
        return copyOf(memory, memory.capacity());
    }

    /** The plaintext, or null when refused. */
    private static byte[] open(RecordCipher cipher, AeadInputs inputs, byte[] sealed) {
        UnsafeBuffer memory = offHeap(sealed.length);
        memory.putBytes(0, sealed);
        int length = sealed.length - TAG_LENGTH;
        boolean opened = cipher.open(inputs, memory.addressOffset(), length);
        return opened ? copyOf(memory, length) : null;
    }

    private static AeadInputs inputs(Answer answer) {
        byte[] additionalData = bytes(answer.additionalData());
        AeadInputs inputs = new AeadInputs(additionalData.length);
        inputs.nonce().putBytes(0, bytes(answer.nonce()));
        inputs.additionalData().putBytes(0, additionalData);
        return inputs;
    }

    private static void turnBit(UnsafeBuffer buffer, int index) {
        buffer.putByte(index, (byte) (buffer.getByte(index) ^ 1));
    }

    private static byte[] longPlaintext() {
        byte[] bytes = new byte[LONG_LENGTH];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7 + 3);
        }
        return bytes;
    }

    private static UnsafeBuffer offHeap(int length) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(length));
    }

    private static byte[] copyOf(UnsafeBuffer memory, int length) {
        byte[] bytes = new byte[length];
        memory.getBytes(0, bytes);
        return bytes;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
