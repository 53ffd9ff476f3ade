import type { ReverieOptions } from '../config/reverie-options.js';
import { Reverie } from '../orm.js';
import { randomKey } from '../values/index.js';

export type TestOrmOptions = Partial<ReverieOptions> & Pick<ReverieOptions, 'entities'>;

/**
 * An ORM on a namespace of its own, its schema applied: on the embedded engine in memory unless `url` names another
 * database. Close it when the test is over.
 *
 * ```ts
 * const orm = await createTestOrm({ entities: [User] });
 * afterAll(() => orm.close());
 * ```
 * @throws what `Reverie.init` throws
 */
export function createTestOrm(options: TestOrmOptions): Promise<Reverie> {
  return Reverie.init({ url: 'mem://', namespace: `test_${randomKey()}`, database: 'test', sync: 'safe', ...options });
}
