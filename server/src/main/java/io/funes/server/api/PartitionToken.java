package io.funes.server.api;

import io.funes.server.api.mapping.ClusterMapping.Place;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;

/** The partition that the next page begins with, as a page token. */
final class PartitionToken {
  private PartitionToken() {}

  static String encode(Place place) {
    return PageToken.encode(place.topic() + "/" + place.partition());
  }

  /** The first partition of all for the first page. */
  static Place decode(String token) {
    return PageToken.decode(token).map(PartitionToken::place).orElse(Place.FIRST);
  }

  private static Place place(String text) {
    int slash = text.lastIndexOf('/');
    try {
      return new Place(text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw Refusal.of(
              ErrorCode.INVALID_ARGUMENT, "page_token is not one that this call has given out")
          .field("page_token")
          .exception();
    }
  }
}
