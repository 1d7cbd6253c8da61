// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import io.multuseni.core.error.CallFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;

/** Calls side by side on virtual threads, each with its own result or failure. */
public final class Parallel {
  private Parallel() {}

  /**
   * What one of several calls came to.
   *
   * @param <T> what it was called for
   * @param <R> what it gives
   */
  public sealed interface Result<T, R> {
    /** What it was called for. */
    T item();
  }

  /**
   * It worked.
   *
   * @param item what it was called for
   * @param value what it gave
   */
  public record Worked<T, R>(T item, R value) implements Result<T, R> {}

  /**
   * It failed.
   *
   * @param item what it was called for
   * @param failure why
   */
  public record Failed<T, R>(T item, CallFailure failure) implements Result<T, R> {}

  /**
   * Calls for each item and waits for all.
   *
   * @return one result per item, in the order of the items
   */
  public static <T, R> List<Result<T, R>> forEach(Collection<T> items, Function<T, R> call) {
    if (items.size() == 1) {
      T only = items.iterator().next();
      return List.of(attempt(only, call));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Result<T, R>>> futures = new ArrayList<>();
      for (T item : items) {
        futures.add(threads.submit(() -> attempt(item, call)));
      }
      List<Result<T, R>> results = new ArrayList<>();
      for (Future<Result<T, R>> future : futures) {
        results.add(join(future));
      }
      return results;
    }
  }

  /**
   * Makes two calls side by side.
   *
   * @throws CallFailure the first failure, the second suppressed in it
   */
  public static <A, B> Pair<A, B> both(Supplier<A> first, Supplier<B> second) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<B> other = threads.submit(second::get);
      A here;
      try {
        here = first.get();
      } catch (CallFailure failure) {
        try {
          join(other);
        } catch (CallFailure alsoFailed) {
          failure.addSuppressed(alsoFailed);
        }
        throw failure;
      }
      return new Pair<>(here, join(other));
    }
  }

  /**
   * Two values.
   *
   * @param first of the first call
   * @param second of the second call
   */
  public record Pair<A, B>(A first, B second) {}

  private static <T, R> Result<T, R> attempt(T item, Function<T, R> call) {
    try {
      return new Worked<>(item, call.apply(item));
    } catch (CallFailure failure) {
      return new Failed<>(item, failure);
    }
  }

  private static <V> V join(Future<V> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a call", e);
    }
  }
}
