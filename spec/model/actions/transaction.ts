import fc from 'fast-check';
import { ReverieError } from '../../../lib/index.js';
import { checkSessions, expectSame } from '../check.js';
import { flushModel, type FlushOutcome } from '../flush-model.js';
import { SessionModel } from '../session-model.js';
import { forget } from '../settle-model.js';
import { em, type Scene, type Step } from '../world.js';
import { assignStep, changeStep } from './change.js';
import { createStep } from './create.js';
import { collectionStep, teamStep } from './link.js';
import { findOneStep, findStep, loadStep, readWhatGoes } from './load.js';
import { removeStep } from './remove.js';

const plain = fc.oneof(
  { weight: 2, arbitrary: findStep },
  { weight: 2, arbitrary: findOneStep },
  loadStep,
  { weight: 2, arbitrary: changeStep },
  createStep,
  assignStep,
  teamStep,
  collectionStep,
  removeStep,
);

class Thrown extends Error {}

/** A block inside a block: it fails by itself, and leaves the other as it was. */
const nestedStep: fc.Arbitrary<Step> = fc
  .record({ steps: fc.array(plain, { maxLength: 4 }), throws: fc.boolean() })
  .map(({ steps, throws }) => ({
    text: `nested${throws ? ' that throws' : ''} { ${steps.map(({ text }) => text).join('; ')} }`,
    run: async (scene) => {
      const session = scene.session.copy();
      const block = em(scene).transaction(
        async () => {
          for (const step of steps) await step.run({ ...scene, session });
          checkSessions([session]);
          if (throws) throw new Thrown();
        },
        { propagation: 'NESTED' },
      );
      const failure = await block.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure !== undefined && !(failure instanceof Thrown)) throw failure;
      if (failure === undefined) scene.session.become(session);
      checkSessions([scene.session]);
    },
  }));

const inner = fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: nestedStep });

/** A block of steps that is kept or undone as a whole, by a throw or because the database refuses it. */
export const transactionStep: fc.Arbitrary<Step> = fc
  .record({
    mode: fc.constantFrom('deferred' as const, 'interactive' as const),
    steps: fc.array(inner, { maxLength: 8 }),
    throws: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
  })
  .map((plan) => ({
    text: `${plan.mode} transaction${plan.throws ? ' that throws' : ''} { ${plan.steps.map(({ text }) => text).join('; ')} }`,
    run: (scene) => transact(scene, plan),
  }));

interface Plan {
  readonly mode: 'deferred' | 'interactive';
  readonly steps: readonly Step[];
  readonly throws: boolean;
}

async function transact(scene: Scene, { mode, steps, throws }: Plan): Promise<void> {
  const { world, session } = scene;
  let block: SessionModel | undefined;
  let outcome: FlushOutcome | undefined;
  const run = em(scene).transaction(
    async (tx) => {
      block = new SessionModel(tx);
      for (const step of steps) await step.run({ world, session: block, db: world.db });
      checkSessions([block]);
      if (!throws) readWhatGoes({ world, session: block, db: world.db });
      outcome = flushModel(block, world.db, mode === 'deferred');
      if (throws) throw new Thrown();
    },
    { mode, retry: false },
  );
  const failure = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (block === undefined || outcome === undefined) throw failure;
  if (failure instanceof Thrown) return;
  const code = failure === undefined ? undefined : ReverieError.is(failure) ? failure.code : String(failure);
  const allowed = [...outcome.refusals];
  if (code !== undefined || allowed.length > 0)
    expectSame(allowed.includes(code as never), true, `a transaction with ${String(code)}, not ${allowed.join()},`);
  const removed = [...block.tracked.values()].filter(({ phase }) => phase === 'removed').map(({ id }) => id);
  await world.commit(outcome, block);
  if (code === undefined) handOver(session, block, removed);
}

/** Afterwards the entities are the parent's, where it has none of its own; a clean one of its own is read again. */
function handOver(parent: SessionModel, block: SessionModel, removed: readonly string[]): void {
  for (const one of block.tracked.values()) {
    const known = parent.get(one.id);
    if (known === undefined) parent.add(one);
    else if (known.isClean && one.base !== undefined) known.reread(one.base);
  }
  const gone = removed.filter((id) => block.get(id) === undefined);
  for (const id of gone) if (parent.get(id)?.phase !== 'new') parent.vanished.add(id);
  forget(parent, gone);
}
