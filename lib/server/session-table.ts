import type { ClientSession } from './client-session.js';
import { uuidKey } from './wire-uuid.js';

/** The sessions a connection has attached, under the uuids the client chose. */
export class SessionTable {
  readonly #sessions = new Map<string, ClientSession>();

  get size(): number {
    return this.#sessions.size;
  }

  get(clientId: Uint8Array): ClientSession | undefined {
    return this.#sessions.get(uuidKey(clientId));
  }

  add(clientId: Uint8Array, session: ClientSession): void {
    this.#sessions.set(uuidKey(clientId), session);
  }

  /** Takes a session out, unless another has been attached under its uuid since. */
  remove(clientId: Uint8Array, session: ClientSession): void {
    if (this.get(clientId) === session) this.#sessions.delete(uuidKey(clientId));
  }

  list(): readonly ClientSession[] {
    return [...this.#sessions.values()];
  }
}
