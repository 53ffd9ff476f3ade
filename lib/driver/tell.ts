/**
 * A listener that throws has its error reported like that of any other event handler, as an uncaught one, but not in the middle of
 * the transport's work: the other listeners and channels, and the connection itself, go on.
 */
export function tell<A extends readonly unknown[]>(listener: (...told: A) => void, ...told: A): void {
  try {
    listener(...told);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
