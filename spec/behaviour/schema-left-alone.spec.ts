import { Analyzer, Field, FullText, Id, Table } from '../../lib/decorators/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { backends } from '../support/backends.js';
import { SchemaBench } from '../support/schema-bench.js';

@Table({ name: 'note', renamedFrom: 'memo' })
@Analyzer({ name: 'words', tokenizers: ['blank'] })
@FullText({ fields: ['text'], analyzer: 'words' })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('string') text!: string;
}

describe.each(backends)('what no entity speaks of, over $name', (backend) => {
  it('is listed, and nothing happens to it', async () => {
    const bench = await SchemaBench.on(backend);
    await bench.sync('safe', Note);
    await bench.run(`DEFINE TABLE memo; DEFINE TABLE \`au dit\`; DEFINE ANALYZER other TOKENIZERS blank;
      DEFINE FUNCTION fn::tax($n: int) { RETURN $n * 2 }; DEFINE PARAM $rate VALUE 2; DEFINE SEQUENCE numbers;
      DEFINE USER ci ON DATABASE PASSWORD 'ci' ROLES VIEWER; DEFINE ACCESS members ON DATABASE TYPE RECORD`);
    const before = await bench.run('INFO FOR DB');
    const manager = bench.manager(Note);
    expect([...(await manager.leftAlone())].sort()).toEqual([
      'access members',
      'analyzer other',
      'function tax',
      'param rate',
      'sequence numbers',
      'table au dit',
      'user ci',
    ]);
    expect((await manager.plan()).steps).toEqual([]);
    expect(await bench.run('INFO FOR DB')).toEqual(before);
    await bench.close();
  });
});
