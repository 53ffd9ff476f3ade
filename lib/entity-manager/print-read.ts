import type { Statement } from '../surrealql/nodes/index.js';
import type { Printed } from '../surrealql/printed.js';
import { print } from '../surrealql/printer.js';
import type { EmSession } from './em-session.js';

/** A reading statement as it is sent: lists that stand apart come first. */
export function printRead(session: EmSession, statement: Statement): Printed {
  return print(statement, { ...session.core.printing, mayPrecede: true });
}
