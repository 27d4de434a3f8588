package io.funes.server.metadata;

import io.funes.server.common.Refusal;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.DeleteTopic;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.InitProducer;
import io.funes.server.metadata.MetadataCommand.JoinBroker;
import io.funes.server.metadata.MetadataCommand.RaiseVersion;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.SetReadOnly;
import io.funes.server.metadata.MetadataCommand.ShutDownBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import io.funes.server.metadata.MetadataCommand.UpdateTopic;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.Refused;
import io.funes.server.metadata.Outcome.VersionRaised;
import java.util.Optional;

/** What each command does to the image. Pure, and the same in every release: see the package. */
public final class MetadataStateMachine {
  /** The image after a command, what is different in it, and the answer. */
  public record Step(MetadataImage image, MetadataDelta delta, Outcome outcome) {

    /** {@code delta} has the topics; the brokers are compared here. */
    static Step applied(
        MetadataImage before, MetadataImage next, MetadataDelta delta, Outcome.Result result) {
      return new Step(
          next.at(before.revision() + 1), delta.withBrokers(before, next), new Applied(result));
    }

    static Step refused(MetadataImage image, Refusal refusal) {
      return new Step(image, MetadataDelta.NONE, new Refused(refusal));
    }
  }

  private MetadataStateMachine() {}

  /** What would come of the command if it were the next one, its form included. */
  public static Outcome validate(MetadataImage image, MetadataCommand command) {
    Optional<Refusal> malformed = CommandForm.check(command);
    return malformed.isPresent() ? new Refused(malformed.get()) : apply(image, command).outcome();
  }

  /**
   * Applies a command whose form was checked before it was logged. A refused one leaves the image
   * as it is.
   */
  public static Step apply(MetadataImage image, MetadataCommand command) {
    return switch (command) {
      case CreateTopic create -> TopicCommands.create(image, create);
      case UpdateTopic update -> TopicCommands.update(image, update);
      case DeleteTopic delete -> TopicCommands.delete(image, delete);
      case JoinBroker join -> BrokerLifecycle.join(image, join);
      case RegisterBroker register -> BrokerLifecycle.register(image, register);
      case FenceBroker fence -> BrokerLifecycle.fence(image, fence);
      case UnfenceBroker unfence -> BrokerLifecycle.unfence(image, unfence);
      case ShutDownBroker shutDown -> BrokerLifecycle.shutDown(image, shutDown);
      case SetReadOnly set -> BrokerLifecycle.setReadOnly(image, set);
      case RaiseVersion(int version) -> raise(image, version);
      case UnregisterBroker unregister -> BrokerLifecycle.unregister(image, unregister);
      case AlterInSync alter -> InSyncChanges.alter(image, alter);
      case ElectLeaders elect -> Elections.elect(image, elect);
      case AlterReplicas alter -> Reassignments.alter(image, alter);
      case InitProducer init -> ProducerCommands.init(image, init);
    };
  }

  private static Step raise(MetadataImage image, int version) {
    int raised = Math.max(image.version(), version);
    return Step.applied(
        image, image.withVersion(raised), MetadataDelta.NONE, new VersionRaised(raised));
  }
}
