/** What the exit code of `reverie` says; documented in docs/cli.md and meant for CI. */
export const EXIT = Object.freeze({
  /** Done, or nothing to do. */
  ok: 0,
  /** It could not be done: wrong arguments, no connection, a refused statement. */
  failed: 1,
  /** It was done, and the answer is no: the schema has drifted, migrations are pending or were changed. */
  differs: 2,
  /** It asks before it goes on, and nobody said yes. */
  notConfirmed: 3,
  /** Stopped by Ctrl-C; what was done is kept, and known. */
  interrupted: 130,
});

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
