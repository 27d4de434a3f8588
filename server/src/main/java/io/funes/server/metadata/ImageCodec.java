package io.funes.server.metadata;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.UUID;

/** The bytes of a whole image: a snapshot. Equal images are equal bytes. */
public final class ImageCodec {
  /** "FUNM": tells a snapshot from any other file. */
  private static final int MAGIC = 0x46554E4D;

  private ImageCodec() {}

  /** In the version of the image. */
  public static void write(MetadataImage image, DataOutput out) throws IOException {
    out.writeInt(MAGIC);
    out.writeByte(image.version());
    out.writeLong(image.revision());
    out.writeLong(image.nextProducerId());
    Fields.writeAll(
        image.brokers(),
        image.brokers().size(),
        (broker, to) -> ImageFields.writeBroker(broker, image.version(), to),
        out);
    Fields.writeAll(image.topics(), image.topics().size(), ImageFields::writeTopic, out);
    Fields.writeAll(image.producers(), image.producers().size(), ImageCodec::writeProducer, out);
    out.writeInt(image.brokerIds().next());
    PersistentSortedMap<UUID, JoinedBroker> joined = image.brokerIds().joined();
    Fields.writeAll(joined, joined.size(), ImageCodec::writeJoined, out);
  }

  public static MetadataImage read(DataInput in) throws IOException {
    int magic = in.readInt();
    if (magic != MAGIC) {
      throw new IOException("not a metadata snapshot: it begins with %08x".formatted(magic));
    }
    int version = in.readUnsignedByte();
    Fields.checkVersion("the metadata snapshot", version, MetadataVersion.NEWEST);
    long revision = in.readLong();
    MetadataImage image =
        MetadataImage.EMPTY
            .withVersion(Math.max(version, MetadataVersion.BASE))
            .withNextProducerId(in.readLong());
    // Brokers first: putting the topics in counts their replicas again.
    for (BrokerImage broker : Fields.readAll(each -> ImageFields.readBroker(each, version), in)) {
      image = image.withBroker(broker.withReplicaCount(0));
    }
    for (TopicImage topic : Fields.readAll(each -> ImageFields.readTopic(each, version), in)) {
      image = image.withTopic(topic);
    }
    for (ProducerImage producer : Fields.readAll(ImageCodec::readProducer, in)) {
      image = image.withProducer(producer);
    }
    return image.withBrokerIds(readBrokerIds(in, version, image)).at(revision);
  }

  private static BrokerIds readBrokerIds(DataInput in, int version, MetadataImage image)
      throws IOException {
    if (version == 1) {
      BrokerIds ids = BrokerIds.NONE;
      for (BrokerImage broker : image.brokers()) {
        ids = ids.taken(broker.id());
      }
      return ids;
    }
    int next = in.readInt();
    PersistentSortedMap<UUID, JoinedBroker> joined = PersistentSortedMap.empty();
    for (JoinedBroker broker : Fields.readAll(ImageCodec::readJoined, in)) {
      joined = joined.with(broker.token(), broker);
    }
    return new BrokerIds(next, joined);
  }

  private static void writeJoined(JoinedBroker joined, DataOutput out) throws IOException {
    Fields.writeUuid(joined.token(), out);
    out.writeInt(joined.brokerId());
  }

  private static JoinedBroker readJoined(DataInput in) throws IOException {
    UUID token = Fields.readUuid(in);
    return new JoinedBroker(token, in.readInt());
  }

  private static void writeProducer(ProducerImage producer, DataOutput out) throws IOException {
    Fields.writeText(producer.name(), out);
    out.writeLong(producer.producerId());
    out.writeInt(producer.epoch());
  }

  private static ProducerImage readProducer(DataInput in) throws IOException {
    String name = Fields.readText(in);
    long producerId = in.readLong();
    return new ProducerImage(name, producerId, in.readInt());
  }
}
