import fc from 'fast-check';
import { checkDatabase, expectSame } from '../check.js';
import { Person } from '../entities.js';
import { codeOf, em, pick, type Scene, type Step } from '../world.js';
import { recognise } from './load.js';

/** Writes one value at once, past what waits for the flush: the copy in hand shows the record, with its own changes on top. */
export const patchStep: fc.Arbitrary<Step> = fc
  .record({ which: fc.nat(20), age: fc.integer({ min: -1, max: 9 }) })
  .map(({ which, age }) => ({ text: `patch person[${which}] (${age})`, run: (scene) => patch(scene, which, age) }));

async function patch(scene: Scene, which: number, age: number): Promise<void> {
  const { world, session } = scene;
  const [id] = pick(world.db.ofTable('person'), which) ?? [];
  const known = id === undefined ? undefined : session.get(id);
  if (id === undefined || (known !== undefined && known.phase !== 'managed')) return;
  const after = world.db.fork();
  after.update(id, { age });
  let entity: object | undefined;
  const code = await codeOf(async () => {
    entity = await em(scene).patch(Person, id as never, { age });
  });
  expectSame(code, [...after.refusals][0], `patch of ${id}`);
  if (entity !== undefined) {
    world.db = after;
    const row = after.rows.get(id) ?? {};
    if (known === undefined) session.adopt(id, row);
    else known.overtake(row);
    recognise(scene, entity);
  }
  await checkDatabase(world.subject.orm, world.db);
}
