/**
 * The log of a partition: segments, indexes, recovery, retention, leader epochs, producer
 * sequences.
 *
 * <h2>Files of a partition's folder</h2>
 *
 * All numbers are little endian. A segment's files are named by the offset of its first record in
 * 20 digits.
 *
 * <pre>
 * 00000000000000000000.log        batches; a serialized funes.v1.Segment, below 2 GiB
 * 00000000000000000000.index      offset to position, sparse
 * 00000000000000000000.timeindex  largest timestamp so far to offset, sparse
 * </pre>
 *
 * <h2>An entry of the log</h2>
 *
 * <pre>
 *  bytes  what
 *      1  0x0A, field 1 of Segment and of a fetch reply's batches
 *    1-5  varint: length of the batch, which is all that follows
 *  at  width  field of RecordBatch   (every field has its tag in the byte before)
 *   1      8  base_offset            given by the broker
 *  10      4  leader_epoch           given by the broker
 *  15      8  append_time_ms         given by the broker, 0 unless timestamp.type=append
 *  24      4  crc32c                 CRC-32C of all bytes from 28 to the end of the batch
 *  29      4  attributes             bits 0-2 codec, 4 transactional, 5 control
 *  34      4  record_count
 *  39      4  last_offset_delta
 *  44      8  base_timestamp_ms
 *  53      8  max_timestamp_ms
 *  62      8  producer_id            0 for none
 *  71      4  producer_epoch
 *  76      4  base_sequence
 *  80      1  0x6A records | 0x72 compressed_records
 *  81    1-5  varint: length of the body, which ends with the batch
 * </pre>
 *
 * What the checksum leaves out is vouched for otherwise: an offset follows the one before, an epoch
 * does not fall and is not above the partition's. Only {@code append_time_ms} is not.
 *
 * <h2>Index files</h2>
 *
 * Offsets are relative to the segment's. An entry stands for every {@code index.interval.bytes} of
 * log. The checksum covers all other bytes of the file.
 *
 * <pre>
 * .index      "FDX1", crc32c(4), entries(4), log bytes described(4), next offset(4),
 *             0 where no batch is without a codec(4), 0 where none has one(4), 0(4),
 *             largest timestamp(8), epoch ms of the first append(8);
 *             then per entry: offset(4), position(4)
 * .timeindex  "FTX1", crc32c(4), entries(4), log bytes described(4);
 *             then per entry: timestamp(8), offset(4): no batch up to the one that begins with this
 *             offset has a record after this time
 * </pre>
 *
 * They are written when a segment is full, at checkpoints and at a clean stop. One that is missing,
 * damaged or does not describe the whole file is built again from the log.
 *
 * <h2>Checkpoints and recovery</h2>
 *
 * A checkpoint syncs the log, stores the indexes, and stores the producers' state together with the
 * offset that it covers in {@link io.funes.server.log.ProducerCheckpoints}. At a start, batches
 * below that offset are taken as they are. From there on each batch is read: it must be whole, with
 * a canonical header, the right checksum, the offset that follows and the epoch that was noted. The
 * log ends before the first batch that is not so; the rest of its file is cut off and later files
 * are removed, with a warning that says how much. Epochs at or after the new end are forgotten, and
 * the producers' state is the checkpoint's plus what was read. Without a checkpoint, or with one
 * that covers more than there is, everything is read. After a clean stop nothing is.
 *
 * <p>So a tail torn at any byte costs nothing that was synced. A batch that has gone bad below the
 * checkpoint is found by its readers' checksum; where its header is hit, reads that meet it are
 * refused and others go on.
 *
 * <h2>Cuts</h2>
 *
 * A follower cuts its log where its leader's parts from it, and all its partitions that follow that
 * leader wait meanwhile. So a cut costs what it takes away: the index is walked on from its last
 * entry before the cut, {@link io.funes.server.log.ProducerSequences} goes back by what it still
 * has, and the log is read only for what that does not tell.
 *
 * <p>Deleted files are gone for good when a cut returns, since a segment or an index of what was
 * cut would seem right again once the log has grown. The cut of a file lasts with its next sync.
 * Until then a loss of power may bring back what was cut, also behind newer batches: recovery ends
 * the log where an older epoch follows, and what else is not the leader's is cut again when the
 * broker follows it.
 */
package io.funes.server.log;
