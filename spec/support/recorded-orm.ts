import type { QueryEvent, ReverieOptions } from '../../lib/index.js';
import type { Backend } from './backends.js';
import { openOrm, type TestOrm } from './open-orm.js';
import { statementsOf, writesOf } from './statements.js';

/** A `TestOrm` that also knows the bound values of what it sends. */
export interface RecordedOrm extends TestOrm {
  /** Every statement since the last `clear`, one for each record, with its values in place: guards and reads too. */
  readonly statements: () => string[];
  /** Those of them that write. */
  readonly written: () => string[];
}

/** `openOrm` for suites that assert what is sent, statement by statement. */
export async function openRecordedOrm(
  backend: Backend,
  { subscribers = [], ...options }: Partial<ReverieOptions> = {},
): Promise<RecordedOrm> {
  const requests: QueryEvent[] = [];
  const recorder = {
    instance: {
      beforeQuery: (event: QueryEvent) => {
        if (event.purpose !== 'schema') requests.push(event);
      },
    },
  };
  const test = await openOrm(backend, { ...options, subscribers: [...subscribers, recorder] });
  const statements = () => requests.flatMap(({ text, bindings }) => statementsOf(text, bindings));
  return {
    ...test,
    statements,
    written: () => writesOf(statements()),
    clear() {
      test.clear();
      requests.length = 0;
    },
  };
}
