package io.textloom.bench.chaos.hdfs;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.jspecify.annotations.Nullable;

/** HDFS with three data nodes; reads {@code kill N} from standard input, and starts again what the kill before took. */
public final class HdfsServer {
    private HdfsServer() {}

    public static void main(String[] arguments) throws Exception {
        Configuration conf = new Configuration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, Path.of(arguments[0]).toString());
        conf.setInt("dfs.replication", 3);
        conf.setLong("dfs.namenode.heartbeat.recheck-interval", 2000);
        conf.setLong("dfs.heartbeat.interval", 1);
        MiniDFSCluster cluster =
                new MiniDFSCluster.Builder(conf).numDataNodes(3).build();
        cluster.waitActive();
        System.out.println("READY " + cluster.getURI());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        MiniDFSCluster.@Nullable DataNodeProperties stopped = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (stopped != null) {
                cluster.restartDataNode(stopped, true);
                cluster.waitActive();
            }
            stopped = cluster.stopDataNode(Integer.parseInt(line.substring("kill ".length())));
            System.out.println("KILLED " + stopped);
        }
        cluster.shutdown();
    }
}
