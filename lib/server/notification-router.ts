import { CBOR, readHead, walkMap } from './cbor-walk.js';
import type { ClientSession } from './client-session.js';
import { uuidKey } from './wire-uuid.js';

const UUID_TAG = 37;

/**
 * Hands each live notification to the session that asked for it, and so to no other connection. The notice of a killed
 * live query names no session and is dropped: the official client could not read it either.
 */
export class NotificationRouter {
  readonly #sessions = new Map<string, (notification: Uint8Array) => void>();

  /** Whether a session of the engine is taken by any connection. */
  has(engineId: Uint8Array): boolean {
    return this.#sessions.has(uuidKey(engineId));
  }

  add(session: ClientSession, deliver: (notification: Uint8Array) => void): void {
    this.#sessions.set(session.key, (notification) => session.deliver(() => deliver(notification)));
  }

  remove(session: ClientSession): void {
    this.#sessions.delete(session.key);
  }

  route(notification: Uint8Array): void {
    const at = sessionOffset(notification);
    if (at !== undefined) this.#sessions.get(uuidKey(notification, at))?.(notification);
  }
}

/** The same notification under another session id. */
export function withSession(notification: Uint8Array, session: Uint8Array): Uint8Array {
  const at = sessionOffset(notification);
  if (at === undefined) return notification;
  const copy = notification.slice();
  copy.set(session, at);
  return copy;
}

/** Where the 16 bytes of the notification's session stand; undefined when it has none. */
function sessionOffset(notification: Uint8Array): number | undefined {
  let found: number | undefined;
  walkMap(notification, 0, (key, start) => {
    if (key !== 'session') return;
    const { major, value, next } = readHead(notification, start);
    if (major === CBOR.tag && value === UUID_TAG) found = readHead(notification, next).next;
  });
  return found;
}
