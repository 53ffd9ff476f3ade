import { surql, type Reverie } from '../../lib/index.js';

type Records = readonly (Record<string, unknown> & { readonly id: unknown })[];

/** All records of all tables, past everything that is tracked. */
export async function readTables(orm: Reverie): Promise<Records> {
  const tables = await orm.em
    .fork()
    .query<Records[]>(surql`SELECT * FROM team; SELECT * FROM label; SELECT * FROM person; SELECT * FROM knows`);
  return tables.flat();
}

export async function emptyTables(orm: Reverie): Promise<void> {
  await orm.em.fork().query(surql`DELETE knows; DELETE person; DELETE team; DELETE label`);
}
