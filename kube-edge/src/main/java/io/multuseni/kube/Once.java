// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Something that is made at its first use and kept; a failure is not kept. */
final class Once<T> implements Supplier<T> {
  private final Supplier<T> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<T> made = Optional.empty();

  Once(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public T get() {
    lock.lock();
    try {
      if (made.isEmpty()) {
        made = Optional.of(maker.get());
      }
      return made.get();
    } finally {
      lock.unlock();
    }
  }

  /** Does something with it, where it was ever made, and forgets it. */
  void end(Consumer<T> ending) {
    lock.lock();
    try {
      made.ifPresent(ending);
      made = Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}
