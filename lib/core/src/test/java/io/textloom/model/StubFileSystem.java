package io.textloom.model;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under another scheme, as a stand-in for a remote file system. */
public final class StubFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
        return URI.create("stub:///");
    }

    @Override
    public String getScheme() {
        return "stub";
    }
}
