import fc from 'fast-check';
import { expectSame } from '../check.js';
import { flushModel, refused } from '../flush-model.js';
import { codeOf, em, type Scene, type Step } from '../world.js';

/** Writes everything, or nothing where something of it is refused; then there is nothing left to write. */
export const FLUSH: Step = { text: 'flush', run: flush };

export const flushStep: fc.Arbitrary<Step> = fc.constant(FLUSH);

export async function flush(scene: Scene): Promise<void> {
  const { world, session } = scene;
  const { subject } = world;
  const expected = flushModel(session, world.db);
  subject.clear();
  const code = await codeOf(() => em(scene).flush());
  const outcome = expected.mayDangle && code === 'VALIDATION' ? refused(new Set(['VALIDATION'])) : expected;
  const allowed = [...outcome.refusals];
  if (code !== undefined || allowed.length > 0)
    expectSame(allowed.includes(code as never), true, `a flush that ends with ${String(code)}, not ${allowed.join()},`);
  else expectSame(subject.sent().length, outcome.isEmpty ? 0 : 1, 'requests of a flush');
  await world.commit(outcome, session);
  world.check();
  if (code !== undefined) return;
  subject.clear();
  await em(scene).flush();
  expectSame(subject.sent(), [], 'what a second flush sends');
}
