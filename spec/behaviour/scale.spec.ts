import 'reflect-metadata';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Field, Id, Reverie, Table, type LogEntry, type RecordId } from '../../lib/index.js';
import { removeFolder } from '../support/remove-folder.js';

@Table({ name: 'reading' })
class Reading {
  @Id('int') id!: RecordId<'reading', number>;
  @Field('string') sensor!: string;
  @Field('float') value!: number;
  @Field('datetime') at!: Date;
}

describe.each(['mem', 'surrealkv'])('10,000 new entities on %s', (storage) => {
  it('are one atomic request whose cost grows with their number', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reverie-'));
    const log: LogEntry[] = [];
    const url = storage === 'mem' ? 'mem://' : `${storage}://${folder}/db`;
    const orm = await Reverie.init({ url, entities: [Reading], sync: 'safe', logger: (entry) => void log.push(entry) });
    const flush = async (from: number, count: number) => {
      const em = orm.em.fork();
      for (let id = from; id < from + count; id++) {
        em.create(Reading, { id, sensor: `s${id % 7}`, value: id / 3, at: new Date(id * 1000) });
      }
      log.length = 0;
      const start = performance.now();
      await em.flush();
      const time = performance.now() - start;
      expect(log).toHaveLength(1);
      expect(log[0]?.text).toMatch(/^BEGIN;[\s\S]*COMMIT;$/);
      log.length = 0;
      await em.flush();
      expect(log).toEqual([]);
      return time;
    };
    await flush(1_000_000, 1_000);
    const thousand = await flush(2_000_000, 1_000);
    const tenThousand = await flush(0, 10_000);
    expect(await orm.em.fork().count(Reading)).toBe(12_000);
    // Rows of an INSERT on the memory engine cost their square: a hundred times as much for ten times as many.
    expect(tenThousand / thousand).toBeLessThan(40);
    await orm.close();
    await removeFolder(folder);
  }, 120_000);
});
