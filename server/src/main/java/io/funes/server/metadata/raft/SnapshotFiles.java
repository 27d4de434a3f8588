package io.funes.server.metadata.raft;

import io.funes.server.common.Folders;
import io.funes.server.metadata.ImageCodec;
import io.funes.server.metadata.MetadataImage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/** Writes and reads images as files that Ratis knows how to list, send and delete. */
final class SnapshotFiles {
  private SnapshotFiles() {}

  /** The file has its name only when it is whole and on the disk, its MD5 beside it before. */
  static void write(MetadataImage image, TermIndex at, SimpleStateMachineStorage storage)
      throws IOException {
    File file = storage.getSnapshotFile(at.getTerm(), at.getIndex());
    Path unfinished = Path.of(file.getPath() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      DataOutputStream out = new DataOutputStream(bytes);
      ImageCodec.write(image, out);
      out.flush();
      channel.force(true);
    }
    MD5Hash md5 = MD5FileUtil.computeMd5ForFile(unfinished.toFile());
    MD5FileUtil.saveMD5File(file, md5);
    Files.move(unfinished, file.toPath(), StandardCopyOption.ATOMIC_MOVE);
    Folders.force(file.getParentFile().toPath());
    storage.updateLatestSnapshot(
        new SingleFileSnapshotInfo(new FileInfo(file.toPath(), md5), at.getTerm(), at.getIndex()));
  }

  static MetadataImage read(SingleFileSnapshotInfo snapshot) throws IOException {
    Path path = snapshot.getFile().getPath();
    MD5FileUtil.verifySavedMD5(path.toFile(), MD5FileUtil.computeMd5ForFile(path.toFile()));
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16))) {
      return ImageCodec.read(in);
    }
  }
}
