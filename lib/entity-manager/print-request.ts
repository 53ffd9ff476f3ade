import type { Statement } from '../surrealql/nodes/index.js';
import type { Printed } from '../surrealql/printed.js';
import { print } from '../surrealql/printer.js';
import type { EmSession } from './em-session.js';

/** Statements as they are sent: lists that stand apart come first. */
export function printRequest(session: EmSession, statement: Statement | readonly Statement[]): Printed {
  return print(statement, { ...session.core.printing, mayPrecede: true });
}
