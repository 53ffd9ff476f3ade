import { AfterCommitError } from '../errors/index.js';
import type { HookFailure } from './around.js';

/** @throws AfterCommitError when there are failures. */
export function throwAfterCommit(failures: readonly HookFailure[]): void {
  const [first] = failures;
  if (first === undefined) return;
  const others =
    failures.length === 1
      ? ''
      : `, and so did ${failures
          .slice(1)
          .map((each) => each.label)
          .join(', ')}`;
  throw new AfterCommitError({
    what: `The changes were committed, but ${first.label} failed afterwards${others}`,
    why: first.error instanceof Error ? first.error.message : String(first.error),
    fix: [
      'do not repeat the write: it has happened',
      'repeat what the hook was to do',
      'to prevent a write, throw in a before hook',
    ],
    errors: failures.map((each) => each.error),
  });
}
