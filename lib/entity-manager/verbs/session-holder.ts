import type { EntityClass, EntityMetadata } from '../../metadata/entity-metadata.js';
import { contextValue } from '../async-context.js';
import { EmSession } from '../em-session.js';
import { noContext, transactionOver } from '../errors.js';
import type { OrmCore } from '../orm-core.js';

/** Finds the session that the verbs of an EntityManager work on: its own, the request's or the transaction's. */
export abstract class SessionHolder {
  readonly #core: OrmCore;
  /** The one behind `orm.em` has none: it finds the request's or the transaction's. */
  readonly #own: EmSession | undefined;
  #global: EmSession | undefined;

  constructor(core: OrmCore, session?: EmSession) {
    this.#core = core;
    this.#own = session;
    if (session !== undefined) session.em = this;
  }

  protected get core(): OrmCore {
    return this.#core;
  }

  /** @internal */
  get session(): EmSession {
    const session = this.currentSession;
    if (session?.transaction?.isOver === true) throw transactionOver();
    if (session !== undefined) {
      session.calls++;
      return session;
    }
    if (!this.#core.allowGlobalContext) throw noContext();
    this.#global ??= new EmSession(this.#core);
    this.#global.em = this;
    return this.#global;
  }

  /** Where work on entities of a class goes: another session where they, or `orm.using`, name another connection. */
  protected sessionOf(entity: EntityClass | undefined): EmSession {
    const { session } = this;
    const { connections, registry } = this.#core;
    if (connections.isEmpty) return session;
    const name = connections.nameFor(entity && (registry.find(entity) as EntityMetadata | undefined));
    return name === undefined ? session : session.on(name);
  }

  /** The same for an entity. */
  protected sessionWith(entity: object): EmSession {
    return this.sessionOf((entity as object | null)?.constructor as EntityClass | undefined);
  }

  /** Where work that names no entity goes. */
  protected get current(): EmSession {
    return this.sessionOf(undefined);
  }

  /** Inside a transaction block the EntityManager that started it, and `orm.em`, are the block's. */
  protected get currentSession(): EmSession | undefined {
    const standIn = contextValue(this.#own === undefined ? this.#core : this.#own) as EmSession | undefined;
    return standIn === undefined ? this.#own : standIn;
  }

  protected get ownSession(): EmSession | undefined {
    return this.#own;
  }
}
