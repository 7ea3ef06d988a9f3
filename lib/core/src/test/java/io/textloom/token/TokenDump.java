package io.textloom.token;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The Java side of scripts/python/check_tokenizers.py.
 *
 * <pre>
 *   TokenDump vocabularies FOLDER        writes every tokenizer.json of the tests
 *   TokenDump ours|djl TOKENIZER.json    encodes and decodes every text of standard input
 * </pre>
 *
 * Input: for each text its length in bytes and its UTF-8. Output: for each text the number of tokens, then id, start and end of each, then the length in bytes of the
 * decoded ids and their UTF-8, and the same for the ids in reverse order. All numbers are 32-bit, big-endian. A text on which the tokenizer fails has -1 tokens and the message as its decoded text.
 */
final class TokenDump {
    private TokenDump() {}

    public static void main(String[] args) throws IOException {
        if (args[0].equals("vocabularies")) {
            for (String name : Vocabularies.names()) {
                Vocabularies.write(name, Path.of(args[1]));
            }
            return;
        }
        System.setOut(System.err); // standard output is the dump's alone
        Path json = Path.of(args[1]);
        try (Tokenizer tokenizer = args[0].equals("djl") ? new DjlTokenizer(json) : Tokenizers.open(json);
                DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
                DataOutputStream out = new DataOutputStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16))) {
            dump(tokenizer, in, out);
        }
    }

    private static void dump(Tokenizer tokenizer, DataInputStream in, DataOutputStream out) throws IOException {
        Tokens tokens = new Tokens();
        try (TokenEncoder encoder = tokenizer.encoder()) {
            for (int length = length(in); length >= 0; length = length(in)) {
                byte[] utf8 = in.readNBytes(length);
                try {
                    encoder.encodeWithOffsets(utf8, 0, length, tokens);
                    int[] ids = tokens.copyOfIds(0, tokens.size());
                    int[] reversed = new int[ids.length];
                    for (int i = 0; i < ids.length; i++) {
                        reversed[i] = ids[ids.length - 1 - i];
                    }
                    String decoded = tokenizer.decode(ids, 0, ids.length);
                    String decodedReversed = tokenizer.decode(reversed, 0, ids.length);
                    out.writeInt(ids.length);
                    for (int i = 0; i < ids.length; i++) {
                        out.writeInt(ids[i]);
                        out.writeInt(tokens.start(i));
                        out.writeInt(tokens.end(i));
                    }
                    write(decoded, out);
                    write(decodedReversed, out);
                } catch (RuntimeException e) {
                    out.writeInt(-1);
                    write(e.toString(), out);
                    write("", out);
                }
            }
        }
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    /** Negative at the end of the input. */
    private static int length(DataInputStream in) throws IOException {
        try {
            return in.readInt();
        } catch (EOFException e) {
            return -1;
        }
    }
}
