package io.funes.server.routing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Answers that belong together. */
final class Parts {
  private Parts() {}

  /** All of them; fails as the first that fails, and then calls the others off. */
  static <T> CompletableFuture<Map<Leader, T>> all(Map<Leader, CompletableFuture<T>> calls) {
    CompletableFuture<Map<Leader, T>> all = new CompletableFuture<>();
    var _ =
        CompletableFuture.allOf(calls.values().toArray(CompletableFuture[]::new))
            .thenRun(() -> {
              Map<Leader, T> answers = new LinkedHashMap<>();
              calls.forEach((leader, call) -> answers.put(leader, call.join()));
              all.complete(answers);
            });
    calls
        .values()
        .forEach(call -> {
          var _ =
              call.whenComplete((answer, failure) -> {
                if (failure != null && all.completeExceptionally(failure)) {
                  cancel(calls);
                }
              });
        });
    return all;
  }

  static <T> void cancel(Map<Leader, CompletableFuture<T>> calls) {
    calls.values().forEach(call -> call.cancel(false));
  }
}
