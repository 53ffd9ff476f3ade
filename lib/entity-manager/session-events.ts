import type { FlushHooks } from '../unit-of-work/flush-hooks.js';
import { EVENT_NAMES } from '../subscribers/index.js';
import type { EmSession } from './em-session.js';

const OF_A_FLUSH = EVENT_NAMES.filter((name) => !/Load|Live|Query|Bulk|onInit/.test(name));

/** The events of a session's flush; undefined when nobody listens to any, so that nothing is computed for them. */
export function eventsOf(session: EmSession): FlushHooks | undefined {
  const { dispatcher } = session.core;
  const { em } = session;
  if (em === undefined || !OF_A_FLUSH.some((name) => dispatcher.has(name))) return undefined;
  return dispatcher.flush(em);
}
