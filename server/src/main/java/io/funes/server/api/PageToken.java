package io.funes.server.api;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The name that the next page begins with, in a form that nobody is tempted to read. */
final class PageToken {
  private PageToken() {}

  static String encode(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  /** Empty for the first page. */
  static Optional<String> decode(String token) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw Refusal.of(
              ErrorCode.INVALID_ARGUMENT, "page_token is not one that this call has given out")
          .field("page_token")
          .exception();
    }
  }
}
