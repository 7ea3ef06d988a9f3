package io.textloom.bench.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;

/** {@link FaultFileSystem} for those who ask by Hadoop's other interface. */
public final class FaultFiles extends DelegateToFileSystem {
    public FaultFiles(URI uri, Configuration conf) throws IOException, URISyntaxException {
        super(uri, new FaultFileSystem(), conf, FaultFileSystem.SCHEME, false);
    }

    @Override
    public int getUriDefaultPort() {
        return -1;
    }
}
