import type { Project } from './project.js';

export const ITEM = `import { Field, Id, type RecordId, Table } from 'reverie-orm';

@Table({ name: 'item' })
export class Item {
  @Id('int') id!: RecordId<'item'>;
  @Field('int') n!: number;
  @Field('option<int>') twice?: number;
}
`;

const FILL = `import type { Migration } from 'reverie-orm/migrations';
import { Item } from '../src/item.entity';

const migration: Migration = {
  transaction: false,
  async up(m) {
    await m.batch(Item, {}, 20, (items) => {
      for (const item of items) item.twice = (item.twice ?? item.n) * 2;
    });
  },
  async down(m) {
    await m.query('UPDATE item UNSET twice');
  },
};

export default migration;
`;

const ALL = `import type { Migration } from 'reverie-orm/migrations';
import { Item } from '../src/item.entity';

const migration: Migration = {
  async up(m) {
    m.em.create(Item, { id: 1000, n: 1 });
    await m.query('UPDATE item SET n += 1');
  },
  async down(m) {
    await m.query('DELETE item:1000; UPDATE item SET n -= 1');
  },
};

export default migration;
`;

/** Migrations of every kind, none of which may run twice. */
export async function writeMigrations(project: Project): Promise<void> {
  await project.write('src/item.entity.ts', ITEM);
  await project.write('db/001_first.surql', FIRST);
  await project.write(
    'db/002_count.surql',
    '-- up\nUPDATE item SET n += 1; SLEEP 30ms;\n-- down\nUPDATE item SET n -= 1',
  );
  await project.write('db/003_fill.ts', FILL);
  await project.write('db/004_all.ts', ALL);
  await project.write(
    'db/005_count.surql',
    '-- up\nUPDATE item SET n += 10; SLEEP 30ms;\n-- down\nUPDATE item SET n -= 10',
  );
}

const FIRST = `-- up
DEFINE TABLE item SCHEMAFULL;
DEFINE FIELD n ON item TYPE int;
DEFINE FIELD twice ON item TYPE option<int>;
FOR $i IN 0..200 { CREATE type::record('item', $i) SET n = $i };
-- down
REMOVE TABLE item;
`;
