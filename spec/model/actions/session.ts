import fc from 'fast-check';
import { codeOf, em, pick, type Scene, type Step } from '../world.js';
import { expectSame } from '../check.js';

const MOST_SESSIONS = 3;

/** One more EntityManager, that knows nothing yet. */
export const forkStep: fc.Arbitrary<Step> = fc.constant({
  text: 'fork',
  run: async ({ world }: Scene) => {
    if (world.sessions.length < MOST_SESSIONS) world.fork();
  },
});

export const clearStep: fc.Arbitrary<Step> = fc.constant({
  text: 'clear',
  run: async (scene: Scene) => {
    em(scene).clear();
    scene.session.clear();
  },
});

/** Reads a record again, whatever is pending. */
export const refreshStep: fc.Arbitrary<Step> = fc.nat(40).map((which) => ({
  text: `refresh [${which}]`,
  run: async (scene: Scene) => {
    const managed = scene.session.live().filter(({ phase }) => phase === 'managed');
    const one = pick(managed, which);
    if (one === undefined) return;
    const row = scene.db.rows.get(one.id);
    const code = await codeOf(() => em(scene).refresh(one.entity as object));
    expectSame(code, row === undefined ? 'ENTITY_NOT_FOUND' : undefined, `refresh of ${one.id}`);
    if (row !== undefined) one.reread(row);
  },
}));

/** Attaches what was cleared; its changes stay changes. */
export const mergeStep: fc.Arbitrary<Step> = fc.nat(40).map((which) => ({
  text: `merge dropped [${which}]`,
  run: async (scene: Scene) => {
    const { session } = scene;
    const one = pick(
      session.dropped.filter(({ entity }) => entity !== undefined),
      which,
    );
    if (one === undefined) return;
    const isTaken = session.get(one.id) !== undefined;
    const code = await codeOf(() => em(scene).merge(one.entity as object));
    expectSame(code, isTaken ? 'VALIDATION' : undefined, `merge of ${one.id}`);
    if (isTaken) return;
    session.dropped.splice(session.dropped.indexOf(one), 1);
    one.phase = one.base === undefined ? 'new' : 'managed';
    session.add(one);
  },
}));
