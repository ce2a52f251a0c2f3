package io.outrider.benchmarks;

import io.outrider.audit.store.FileOps;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The real disk, whose flushes can be made to wait.
final class StuckFiles {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean stuck;

  FileOps files() {
    return proxy(FileOps.class, FileOps.real());
  }

  void stuck(boolean on) {
    lock.lock();
    try {
      stuck = on;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void waitWhileStuck() {
    lock.lock();
    try {
      while (stuck) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private <T> T proxy(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> call(real, method, args)));
  }

  private @Nullable Object call(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    if (method.getName().equals("force")) {
      waitWhileStuck();
    }
    try {
      Object result = method.invoke(real, args);
      return result instanceof FileOps.Handle handle ? proxy(FileOps.Handle.class, handle) : result;
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      throw cause == null ? e : cause;
    }
  }
}
