package io.funes.server.api;

import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A call that must be refused, what its error must name, and its typed detail. */
record Provocation(ThrowingCallable call, Map<String, String> metadata, Message detail) {
  static Provocation of(ThrowingCallable call, String... metadata) {
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i < metadata.length; i += 2) {
      pairs.put(metadata[i], metadata[i + 1]);
    }
    return new Provocation(call, pairs, null);
  }

  Provocation with(Message newDetail) {
    return new Provocation(call, metadata, newDetail);
  }
}
