package io.funes.server.log;

import io.funes.server.common.PartitionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints in the broker's RocksDB. Its write-ahead log is off, since each partition's log is
 * one; all column families are flushed in one step. What it holds can be rebuilt, so a database
 * that is found corrupt is replaced by an empty one.
 *
 * <p>A call into a closed database would crash the process: {@code open} guards every call. Native
 * objects are closed in the reverse of the order in which they were made.
 */
public final class RocksProducerCheckpoints implements ProducerCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(RocksProducerCheckpoints.class);

  private static final String FAMILY = "producers";
  private static final long CACHE_BYTES = 16L << 20;
  private static final long WRITE_BUFFER_BYTES = 8L << 20;
  private static final int OPEN_FILES_MAX = 256;

  private final Path folder;
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private final Deque<AutoCloseable> natives = new ArrayDeque<>();
  private final WriteOptions write = owned(new WriteOptions().setDisableWAL(true));
  private final FlushOptions flush = owned(new FlushOptions().setWaitForFlush(true));
  private RocksDB database;
  private List<ColumnFamilyHandle> families;
  private boolean closed;

  private RocksProducerCheckpoints(Path folder) {
    this.folder = folder;
  }

  /** Opens the database in {@code folder}, making it where there is none. */
  public static RocksProducerCheckpoints open(Path folder) throws IOException {
    RocksDB.loadLibrary();
    Files.createDirectories(folder);
    RocksProducerCheckpoints checkpoints = new RocksProducerCheckpoints(folder);
    try {
      checkpoints.openDatabase();
      return checkpoints;
    } catch (RocksDBException e) {
      checkpoints.closeNatives();
      throw failed("cannot open", folder, e);
    }
  }

  private void openDatabase() throws RocksDBException {
    Cache cache = owned(new LRUCache(CACHE_BYTES));
    WriteBufferManager buffers = owned(new WriteBufferManager(WRITE_BUFFER_BYTES, cache));
    DBOptions options = owned(databaseOptions(buffers));
    ColumnFamilyOptions familyOptions = owned(familyOptions(cache));
    try {
      openDatabase(options, familyOptions);
    } catch (RocksDBException e) {
      if (!corrupt(e)) {
        throw e;
      }
      LOG.warn("{}: corrupt, begun anew; logs are read in full", folder, e);
      try (Options empty = new Options()) {
        RocksDB.destroyDB(folder.toString(), empty);
      }
      openDatabase(options, familyOptions);
    }
  }

  private void openDatabase(DBOptions options, ColumnFamilyOptions familyOptions)
      throws RocksDBException {
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    database =
        owned(
            RocksDB.open(
                options,
                folder.toString(),
                List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions),
                    new ColumnFamilyDescriptor(
                        FAMILY.getBytes(StandardCharsets.UTF_8), familyOptions)),
                handles));
    handles.forEach(natives::push);
    families = handles;
  }

  private static DBOptions databaseOptions(WriteBufferManager buffers) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setAtomicFlush(true)
        .setWriteBufferManager(buffers)
        .setMaxOpenFiles(OPEN_FILES_MAX)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(2)
        .setStatsDumpPeriodSec(0);
  }

  private static ColumnFamilyOptions familyOptions(Cache cache) {
    return new ColumnFamilyOptions()
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setLevelCompactionDynamicLevelBytes(true)
        .setTableFormatConfig(
            new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true));
  }

  @Override
  public Optional<ProducerCheckpoint> load(PartitionId partition) throws IOException {
    byte[] key = ProducerCheckpointCodec.key(partition);
    open.readLock().lock();
    try {
      requireOpen();
      byte[] value = database.get(families.getLast(), key);
      return value == null ? Optional.empty() : ProducerCheckpointCodec.decode(value);
    } catch (RocksDBException e) {
      LOG.warn("{}: cannot read the checkpoint of {}", folder, partition, e);
      return Optional.empty();
    } finally {
      open.readLock().unlock();
    }
  }

  @Override
  public void store(PartitionId partition, ProducerCheckpoint checkpoint) throws IOException {
    byte[] key = ProducerCheckpointCodec.key(partition);
    byte[] value = ProducerCheckpointCodec.encode(checkpoint);
    run("cannot write", () -> database.put(families.getLast(), write, key, value));
  }

  @Override
  public void remove(PartitionId partition) throws IOException {
    byte[] key = ProducerCheckpointCodec.key(partition);
    run("cannot write", () -> database.delete(families.getLast(), write, key));
  }

  @Override
  public void flush() throws IOException {
    run("cannot flush", () -> database.flush(flush, families));
  }

  @Override
  public void close() throws IOException {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        try {
          database.flush(flush, families);
          database.cancelAllBackgroundWork(true);
        } catch (RocksDBException e) {
          throw failed("cannot flush", folder, e);
        } finally {
          closeNatives();
        }
      }
    } finally {
      open.writeLock().unlock();
    }
  }

  private void run(String failure, Work work) throws IOException {
    open.readLock().lock();
    try {
      requireOpen();
      work.run();
    } catch (RocksDBException e) {
      throw failed(failure, folder, e);
    } finally {
      open.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("%s is closed".formatted(folder));
    }
  }

  private <T extends AutoCloseable> T owned(T object) {
    natives.push(object);
    return object;
  }

  private void closeNatives() {
    while (!natives.isEmpty()) {
      try {
        natives.pop().close();
      } catch (Exception e) {
        LOG.warn("{}: not closed cleanly", folder, e);
      }
    }
  }

  /** Damaged, or without a file that it names. Never for a database that another process holds. */
  private static boolean corrupt(RocksDBException e) {
    Status status = e.getStatus();
    boolean damaged = status != null && status.getCode() == Status.Code.Corruption;
    return damaged || String.valueOf(e.getMessage()).contains("No such file or directory");
  }

  private static IOException failed(String what, Path folder, RocksDBException e) {
    return new IOException("%s %s: %s".formatted(what, folder, e.getMessage()), e);
  }

  private interface Work {
    void run() throws RocksDBException;
  }
}
