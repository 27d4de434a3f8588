package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.funes.proto.v1.Broker;
import io.funes.proto.v1.BrokerState;
import io.funes.proto.v1.DeleteTopicRequest;
import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetMetadataResponse;
import io.funes.proto.v1.TopicMetadata;
import io.funes.proto.v1.WatchMetadataRequest;
import io.funes.proto.v1.WatchMetadataResponse;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.testing.Answers;
import io.funes.server.testing.ServicesFixture;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code MetadataService}, on one broker that knows of others. */
class MetadataApiTest {
  @TempDir Path folder;
  private ServicesFixture services;

  @BeforeEach
  void start() {
    services = ServicesFixture.in(folder);
    services.addBroker(1);
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private GetMetadataResponse get(GetMetadataRequest.Builder request) {
    Answers<GetMetadataResponse> answer = new Answers<>();
    services.metadata().getMetadata(request.build(), answer);
    return answer.all().getFirst();
  }

  private static GetMetadataRequest.Builder topics(String... names) {
    return GetMetadataRequest.newBuilder().addAllTopics(List.of(names));
  }

  private static List<String> names(List<TopicMetadata> topics) {
    return topics.stream().map(TopicMetadata::getName).toList();
  }

  @Test
  void everyPartitionHasItsLeaderAndEveryBrokerAnAddress() {
    services.createTopic("t", 2, 2, Map.of());

    GetMetadataResponse metadata = get(topics("t"));

    assertThat(metadata.getBrokersList())
        .extracting(Broker::getId, Broker::getAddress, Broker::getState)
        .containsExactly(
            tuple(0, services.address, BrokerState.BROKER_STATE_UP),
            tuple(1, "127.0.0.1:1943", BrokerState.BROKER_STATE_UP));
    assertThat(metadata.getTopics(0).getPartitionsList())
        .extracting(p -> p.getLeaderId())
        .containsExactlyInAnyOrder(0, 1);
    assertThat(metadata.getTopics(0).getPartitions(0).getInSyncReplicaIdsList())
        .containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void aFencedBrokerIsShownAsSuch() {
    services.fenceBroker(1);

    assertThat(get(topics()).getBrokers(1).getState()).isEqualTo(BrokerState.BROKER_STATE_FENCED);
  }

  @Test
  void aTopicThatIsNotThereIsNamedAndNoError() {
    services.createTopic("here", Map.of());

    GetMetadataResponse metadata = get(topics("here", "gone"));

    assertThat(names(metadata.getTopicsList())).containsExactly("here");
    assertThat(metadata.getUnknownTopicsList()).containsExactly("gone");
  }

  @Test
  void pagesGoThroughAllTopicsOnce() {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      services.createTopic(name, Map.of());
    }
    List<String> all = new ArrayList<>();
    GetMetadataResponse page;
    String token = "";
    do {
      page = get(topics().setPageSize(2).setPageToken(token));
      all.addAll(names(page.getTopicsList()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertThat(all).containsExactly("a", "b", "c", "d", "e");
    assertThat(names(get(topics("e", "a", "c").setPageSize(2)).getTopicsList()))
        .containsExactly("a", "c");
  }

  @Test
  void aWatchTellsOfNamedTopicsAndOfBrokersOnly() {
    services.createTopic("mine", Map.of());
    Answers<WatchMetadataResponse> watch = watch("mine", "later");
    assertThat(names(watch.soFar().getFirst().getTopicsList())).containsExactly("mine");
    assertThat(watch.soFar().getFirst().getUnknownTopicsList()).containsExactly("later");

    services.createTopic("other", Map.of());
    services.time.runReady();
    assertThat(watch.soFar()).hasSize(1);

    services.createTopic("later", Map.of());
    services.time.runReady();
    assertThat(names(watch.soFar().getLast().getTopicsList())).containsExactly("later");

    services.fenceBroker(1);
    services.time.runReady();
    assertThat(watch.soFar().getLast().getBrokers(1).getState())
        .isEqualTo(BrokerState.BROKER_STATE_FENCED);

    var _ = services.topics().deleteTopic(DeleteTopicRequest.newBuilder().setName("mine").build());
    services.time.runReady();
    assertThat(watch.soFar().getLast().getUnknownTopicsList()).containsExactly("mine");
    assertThat(watch.soFar()).extracting(WatchMetadataResponse::getRevision).isSorted();
  }

  @Test
  void aWatchTellsOfANewController() {
    services.quorum.voters(0, 1);
    Answers<WatchMetadataResponse> watch = watch();
    assertThat(watch.soFar().getLast().getControllerId()).isZero();

    services.quorum.voters(1, 0);
    services.time.runReady();

    assertThat(watch.soFar().getLast().getControllerId()).isEqualTo(1);
  }

  private Answers<WatchMetadataResponse> watch(String... names) {
    Answers<WatchMetadataResponse> watch = new Answers<>();
    services
        .metadata()
        .watchMetadata(
            WatchMetadataRequest.newBuilder().addAllTopics(List.of(names)).build(), watch);
    services.time.runReady();
    return watch;
  }

  @Test
  void aSlowWatcherIsToldTheNewestStateOnly() {
    services.createTopic("t", 1, 2, Map.of());
    SlowWatcher slow = new SlowWatcher();
    services
        .metadata()
        .watchMetadata(WatchMetadataRequest.newBuilder().addTopics("t").build(), slow);
    slow.call.request(1);
    services.time.runReady();
    assertThat(slow.told).hasSize(1);

    services.fenceBroker(1);
    services.time.runReady();
    services.addBroker(2);
    services.time.runReady();
    services.addBroker(3);
    services.time.runReady();
    slow.call.request(10);
    services.time.runReady();

    assertThat(slow.told).hasSizeLessThanOrEqualTo(3);
    assertThat(slow.told.getLast().getBrokersCount()).isEqualTo(4);
  }

  private static final class SlowWatcher
      implements ClientResponseObserver<WatchMetadataRequest, WatchMetadataResponse> {
    private final List<WatchMetadataResponse> told =
        Collections.synchronizedList(new ArrayList<>());
    private ClientCallStreamObserver<WatchMetadataRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchMetadataRequest> observer) {
      call = observer;
      observer.disableAutoRequestWithInitial(0);
    }

    @Override
    public void onNext(WatchMetadataResponse message) {
      told.add(message);
    }

    @Override
    public void onError(Throwable error) {
      // The end of the test.
    }

    @Override
    public void onCompleted() {
      // Watches do not end so.
    }
  }

  @Test
  void aBrokerThatStopsSendsItsWatchersAway() {
    Answers<WatchMetadataResponse> watch = watch();

    services.endWatches(Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "the broker is stopping"));

    assertThatThrownBy(watch::all).rootCause().hasMessageContaining("stopping");
  }

  /** Its client was sent away from here, and has come back before the broker took no more calls. */
  @Test
  void aWatchThatComesWhileTheBrokerStopsEndsToo() {
    services.endWatches(Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "the broker is stopping"));

    Answers<WatchMetadataResponse> watch = watch();

    assertThatThrownBy(watch::all).rootCause().hasMessageContaining("stopping");
  }
}
