import { ReverieError, type EntityManager, type Reverie } from '../../lib/index.js';
import { checkDatabase, checkSessions } from './check.js';
import { DatabaseModel } from './database-model.js';
import type { FlushOutcome } from './flush-model.js';
import { SessionModel, type Tracked } from './session-model.js';
import { emptyTables } from './store.js';

/** The real thing under test. */
export interface Subject {
  readonly orm: Reverie;
  /** Requests since the last `clear`. */
  readonly sent: () => readonly string[];
  readonly clear: () => void;
}

/** A database and the EntityManagers on it, beside what they are expected to be. */
export class World {
  readonly subject: Subject;
  readonly sessions: SessionModel[] = [];
  db = new DatabaseModel();

  constructor(subject: Subject) {
    this.subject = subject;
    this.fork();
    this.fork();
  }

  /** Two EntityManagers on a database that holds what the steps make. */
  static async open(subject: Subject, steps: readonly Step[]): Promise<World> {
    await emptyTables(subject.orm);
    const world = new World(subject);
    for (const step of steps) await step.run({ world, session: world.sessions[0] as SessionModel, db: world.db });
    return world;
  }

  fork(): void {
    this.sessions.push(new SessionModel(this.subject.orm.em.fork()));
  }

  /** Takes a new database state; the records that the server named get their names. */
  async commit(outcome: FlushOutcome, session: SessionModel): Promise<void> {
    if (outcome.after !== undefined) this.db = outcome.after;
    outcome.settle();
    for (const [from, to] of await checkDatabase(this.subject.orm, this.db)) {
      this.db.rename(from, to);
      session.rename(from, to);
    }
  }

  check(): void {
    checkSessions(this.sessions);
  }
}

/** Where a step happens: outside, or inside a transaction block. */
export interface Scene {
  readonly world: World;
  readonly session: SessionModel;
  /** What reads show: the database, or what a transaction makes of it. */
  readonly db: DatabaseModel;
}

/** One random step. It does nothing where there is nothing to do it to. */
export interface Step {
  readonly text: string;
  run(scene: Scene): Promise<void>;
}

export const em = ({ session }: Scene): EntityManager => session.em;

/** One of them, the same for the same number. */
export function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

export const entityOf = (one: Tracked): Record<string, unknown> => one.entity as Record<string, unknown>;

/** The code of the error that a call ends with, undefined where it succeeds. */
export async function codeOf(call: () => unknown): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (!ReverieError.is(error)) throw error;
    return error.code;
  }
}
