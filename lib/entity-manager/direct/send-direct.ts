import type { StatementResult } from '../../driver/driver.js';
import { QueryError, ValidationError } from '../../errors/index.js';
import type { FilterChoice, QueryContext } from '../../query/index.js';
import { block, object, returnStatement, transaction, type Statement } from '../../surrealql/nodes/index.js';
import type { EmSession } from '../em-session.js';
import { writeStatements } from '../write-statements.js';
import type { DirectWrite } from './direct-write.js';
import { explainDirect } from './explain-direct.js';

/** Sends a write as one atomic request and answers its value; in a deferred block it is queued and answers undefined. */
export async function sendDirect(session: EmSession, write: DirectWrite): Promise<unknown> {
  if (session.deferred !== undefined) return void session.deferred.queueWrite(write);
  try {
    return await runDirect(session, write);
  } catch (error) {
    throw explainDirect(error, [write]);
  }
}

/** Sends a write at once; errors are as the driver tells them. */
export async function runDirect(session: EmSession, write: DirectWrite): Promise<unknown> {
  const answer = answerOf(
    await session.core.pending.track(writeStatements(session, requestOf(session, write), 'direct')),
  );
  session.tables.saw([write.meta]);
  session.transaction?.wroteDirectly();
  return answer;
}

/** The statements of the request that a write is alone in. */
export function requestOf(session: EmSession, write: DirectWrite): readonly Statement[] {
  const body = [...write.statements(0), returnStatement(object([['reverie', write.answer]]))];
  const framed = write.inBlock === true ? [returnStatement(block(body))] : body;
  const statements = [...session.tables.before([write.meta]), ...framed];
  return session.transaction === undefined ? [transaction(statements)] : statements;
}

function answerOf(results: readonly StatementResult[]): unknown {
  for (const result of [...results].reverse()) {
    if (result.ok && typeof result.value === 'object' && result.value !== null && 'reverie' in result.value)
      return result.value.reverie;
  }
  throw new QueryError({ what: 'A direct write was not answered', why: 'the server ended the request early' });
}

/** How a write reads: in a deferred block it finds what the writes queued before it have written in the same transaction. */
export function writeContext({ finder, deferred }: EmSession, filters?: FilterChoice): QueryContext {
  const context = finder.contextWith(filters);
  return deferred?.hasDirect === true ? { ...context, ownWrites: true } : context;
}

/** In a deferred block nothing is answered before the block ends. */
export function needsAnswer(session: EmSession, asked: string): void {
  if (session.deferred === undefined) return;
  throw new ValidationError({
    what: `${asked} cannot be answered inside a deferred transaction`,
    why: 'its writes are sent when the block ends',
    fix: [`run the block with { mode: 'interactive' }`, 'leave the option out: the verb then resolves to undefined'],
  });
}
