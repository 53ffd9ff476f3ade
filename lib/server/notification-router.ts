import { CBOR, readHead, readText, walkMap } from './cbor-walk.js';
import type { ClientSession } from './client-session.js';
import { uuidKey } from './wire-uuid.js';

const UUID_TAG = 37;

/** A session that notifications reach, and the live queries it has registered. */
interface Recipient {
  readonly deliver: (notification: Uint8Array) => void;
  readonly lives: Set<string>;
}

/**
 * Hands each live notification to the session that asked for it, and so to no other connection. The notice of a live query's
 * end names no session: it goes to the one whose LIVE was answered with that id.
 */
export class NotificationRouter {
  readonly #sessions = new Map<string, Recipient>();
  readonly #owners = new Map<string, Recipient>();
  #unanswered = 0;
  #unclaimed: Uint8Array[] = [];

  /** Whether a session of the engine is taken by any connection. */
  has(engineId: Uint8Array): boolean {
    return this.#sessions.has(uuidKey(engineId));
  }

  add(session: ClientSession, deliver: (notification: Uint8Array) => void): void {
    this.#sessions.set(session.key, {
      deliver: (notification) => session.deliver(() => deliver(notification)),
      lives: new Set(),
    });
  }

  remove(session: ClientSession): void {
    const recipient = this.#sessions.get(session.key);
    this.#sessions.delete(session.key);
    for (const id of recipient === undefined ? [] : recipient.lives) this.#owners.delete(id);
  }

  /**
   * Says that a LIVE of this session is on its way; the function it answers with takes the ids that came back, none where it
   * failed. A live query may end before its id is known here: such notices are kept until then.
   */
  expectLive(session: ClientSession): (ids: readonly Uint8Array[]) => void {
    this.#unanswered += 1;
    return (ids) => {
      this.#unanswered -= 1;
      const recipient = this.#sessions.get(session.key);
      for (const id of recipient === undefined ? [] : ids) this.#own(uuidKey(id), recipient as Recipient);
      const unclaimed = this.#unclaimed;
      this.#unclaimed = [];
      for (const notice of unclaimed) this.route(notice);
    };
  }

  route(notification: Uint8Array): void {
    const at = uuidOffset(notification, 'session');
    if (at !== undefined) this.#sessions.get(uuidKey(notification, at))?.deliver(notification);
    else this.#routeById(notification);
  }

  #own(id: string, recipient: Recipient): void {
    this.#owners.set(id, recipient);
    recipient.lives.add(id);
  }

  #routeById(notice: Uint8Array): void {
    const at = uuidOffset(notice, 'id');
    const id = at === undefined ? '' : uuidKey(notice, at);
    const owner = this.#owners.get(id);
    if (owner === undefined) {
      if (this.#unanswered > 0) this.#unclaimed.push(notice);
      return;
    }
    if (isEnd(notice)) {
      this.#owners.delete(id);
      owner.lives.delete(id);
    }
    owner.deliver(notice);
  }
}

/** The same notification under another session id. */
export function withSession(notification: Uint8Array, session: Uint8Array): Uint8Array {
  const at = uuidOffset(notification, 'session');
  if (at === undefined) return notification;
  const copy = notification.slice();
  copy.set(session, at);
  return copy;
}

/** Where the 16 bytes of a uuid stand in the notification; undefined when that member holds none. */
function uuidOffset(notification: Uint8Array, member: 'session' | 'id'): number | undefined {
  let found: number | undefined;
  walkMap(notification, 0, (key, start) => {
    if (key !== member) return;
    const { major, value, next } = readHead(notification, start);
    if (major === CBOR.tag && value === UUID_TAG) found = readHead(notification, next).next;
  });
  return found;
}

function isEnd(notification: Uint8Array): boolean {
  let action: string | undefined;
  walkMap(notification, 0, (key, start) => {
    if (key === 'action') action = readText(notification, start);
  });
  return action === 'KILLED';
}
