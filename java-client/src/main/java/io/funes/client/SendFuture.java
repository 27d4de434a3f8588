package io.funes.client;

import java.util.concurrent.CompletableFuture;

/** The future form of a callback. */
final class SendFuture extends CompletableFuture<RecordPosition> implements SendCallback {
  @Override
  public void onCompletion(RecordPosition position, FunesException error) {
    if (error == null) {
      complete(position);
    } else {
      completeExceptionally(error);
    }
  }
}
