import type { ChangeSet } from './change-set.js';

/** The points of a flush at which others may act; who they are is not the unit of work's business. */
export interface FlushHooks {
  beforeFlush(): Promise<void>;
  onFlush(changes: readonly ChangeSet[]): Promise<void>;
  /** Runs the `before*` hooks of the changes, in commit order. */
  before(changes: readonly ChangeSet[]): Promise<void>;
  beforeCommit(changes: readonly ChangeSet[]): Promise<void>;
  around(changes: readonly ChangeSet[], request: () => Promise<void>): Promise<void>;
  /** Runs the `after*` hooks once what was written is committed. */
  committed(changes: readonly ChangeSet[]): Promise<void>;
  rolledBack(error: unknown, changes: readonly ChangeSet[]): Promise<void>;
  nothingToDo(): Promise<void>;
}
