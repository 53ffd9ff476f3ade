import { Uuid } from '../values/index.js';
import { fly, type Flight } from './flight.js';
import type { Carrier } from './rpc-session.js';
import type { SessionState } from './session-state.js';
import { after } from './timers.js';
import type { Line } from './transport/line.js';
import type { RpcCall, Send, Transport } from './transport/transport.js';

/** Milliseconds without a call after which the server need not keep a session; the next call attaches another. */
const IDLE = 30_000;

/** A session as one connection of the transport knows it. */
interface Attachment {
  readonly id: Uuid;
  readonly line: Line;
}

export interface SessionCarrierParts {
  readonly transport: Transport;
  readonly state: SessionState;
  /** Milliseconds for attaching: place, sign-in and variables together. */
  readonly timeout: number;
  /** Makes errors of the sign-in typed ones. */
  readonly reporting: (send: Send) => Send;
  /** Called when the server knows the session, and when it no longer does. */
  readonly attached: (isAttached: boolean) => void;
}

/**
 * Carries the calls of a session that is attached to a connection (`attach`) beside its own. The session comes into being with
 * the first call, again on each new connection, and is let go when nobody has called for a while: a fork that is forgotten costs
 * the server nothing. No call goes out before it is signed in as it should be.
 */
export class SessionCarrier implements Carrier {
  readonly #parts: SessionCarrierParts;
  #attachment: Attachment | undefined;
  #attaching: Promise<Attachment> | undefined;
  #busy = 0;
  #forget: (() => void) | undefined;

  constructor(parts: SessionCarrierParts) {
    this.#parts = parts;
  }

  async call(call: RpcCall, flight: Flight): Promise<unknown> {
    const letGo = this.hold();
    try {
      const { id, line } = await this.#attached();
      return await this.#parts.transport.call({ line, ...call, session: id }, flight);
    } finally {
      letGo();
    }
  }

  async pin(): Promise<Line> {
    return (await this.#attached()).line;
  }

  /** Whether it is attached to this connection, or was when that was lost. */
  isOn(line: Line): boolean {
    return this.#attachment?.line === line;
  }

  hold(): () => void {
    this.#busy += 1;
    this.#forget?.();
    this.#forget = undefined;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#busy -= 1;
      if (this.#busy === 0) this.#forget = after(IDLE, () => void this.detach());
    };
  }

  /** Lets the session go; the server forgets it. A later call attaches another. */
  async detach(): Promise<void> {
    this.#forget?.();
    const attachment = this.#attachment ?? (await this.#attaching?.catch(() => undefined));
    this.#attachment = undefined;
    this.#parts.attached(false);
    if (attachment !== undefined) await this.#drop(attachment);
  }

  async #attached(): Promise<Attachment> {
    const current = this.#attachment;
    if (current?.line.isUp === true) return current;
    if (this.#attaching === undefined) {
      this.#attaching = this.#attach().finally(() => (this.#attaching = undefined));
    }
    return this.#attaching;
  }

  async #attach(): Promise<Attachment> {
    const line = await this.#parts.transport.pin();
    const attachment: Attachment = { id: Uuid.v7(), line };
    const send = this.#parts.reporting(this.#sender(attachment));
    await send('attach', []);
    try {
      await this.#parts.state.restore(send);
    } catch (error) {
      // Attached but not signed in it would be somebody else than it should be.
      await this.#drop(attachment);
      throw error;
    }
    this.#attachment = attachment;
    this.#parts.attached(true);
    return attachment;
  }

  async #drop(attachment: Attachment): Promise<void> {
    await this.#sender(attachment)('detach', []).catch(() => undefined);
  }

  #sender({ id, line }: Attachment): Send {
    const { transport, timeout } = this.#parts;
    return (method, params, access = 'read') =>
      fly({ timeout, signal: undefined, name: method }, (flight) =>
        transport.call({ method, params, access, session: id, line }, flight),
      );
  }
}
