import { contextEntries } from './async-context.js';
import { EmSession } from './em-session.js';

/** What stands for `orm.em` of each ORM that has a request or a transaction running here. */
export function contextSessions(): EmSession[] {
  return contextEntries().flatMap(([key, held]) => (held instanceof EmSession && held.core === key ? [held] : []));
}
