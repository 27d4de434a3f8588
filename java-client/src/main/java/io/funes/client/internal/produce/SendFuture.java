package io.funes.client.internal.produce;

import io.funes.client.FunesException;
import io.funes.client.RecordPosition;
import io.funes.client.SendCallback;
import java.util.concurrent.CompletableFuture;

/** The future form of a callback. */
public final class SendFuture extends CompletableFuture<RecordPosition> implements SendCallback {
  @Override
  public void onCompletion(RecordPosition position, FunesException error) {
    if (error == null) {
      complete(position);
    } else {
      completeExceptionally(error);
    }
  }
}
