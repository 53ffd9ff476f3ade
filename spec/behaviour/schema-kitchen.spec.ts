import { connect, type Connection } from '../../lib/driver/connect.js';
import { discover } from '../../lib/metadata/index.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { KITCHEN } from '../support/schema-entities.js';

describe('every kind of declaration', () => {
  let db: Connection;
  beforeEach(async () => {
    db = await connect('mem://', { namespace: 'test', database: 'test' });
  });
  afterEach(() => db.close());

  it('is applied once, and a second sync finds nothing to do', async () => {
    const schema = new SchemaManager(db, discover(KITCHEN).entities);
    const first = await schema.sync();
    expect(first.steps.length).toBeGreaterThan(60);
    const again = await schema.plan();
    expect(again.steps).toEqual([]);
    await schema.verify();
  });
});
