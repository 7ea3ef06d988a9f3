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
 * decoded ids and their UTF-8. All numbers are 32-bit, big-endian. A text on which the tokenizer fails has -1 tokens and the message as its decoded text.
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
                byte[] decoded;
                try {
                    encoder.encodeWithOffsets(utf8, 0, length, tokens);
                    decoded = tokenizer.decode(tokens.ids(), 0, tokens.size()).getBytes(StandardCharsets.UTF_8);
                    out.writeInt(tokens.size());
                    for (int i = 0; i < tokens.size(); i++) {
                        out.writeInt(tokens.id(i));
                        out.writeInt(tokens.start(i));
                        out.writeInt(tokens.end(i));
                    }
                } catch (RuntimeException e) {
                    decoded = e.toString().getBytes(StandardCharsets.UTF_8);
                    out.writeInt(-1);
                }
                out.writeInt(decoded.length);
                out.write(decoded);
            }
        }
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
