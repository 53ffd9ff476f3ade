import {
  Computed,
  Field,
  field,
  fn,
  Id,
  MetadataError,
  Reverie,
  surql,
  Table,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm } from '../support/open-orm.js';

@Table({ name: 'box' })
class Box {
  @Id() id!: RecordId<'box', string>;
  @Field('int') width!: number;
  @Computed(surql`width * 2`, { type: 'int', stored: true }) readonly double!: number;
  @Computed(surql`double + 1`, { type: 'int', stored: true }) readonly more!: number;
  // At each read everything stored is there, whatever its name.
  @Computed(surql`more + width`, { type: 'int' }) readonly all!: number;
  @Computed(
    fn.string.concat(
      field(() => Box, 'all'),
      ' "size"',
    ),
    { type: 'string' },
  )
  readonly told!: string;
  // A text, a key, a variable and another table's field are none of its own.
  @Computed(surql`{ told: 'told', n: $value, o: (SELECT VALUE told FROM [{ told: 1 }])[0] }.n ?? 0 -- told`, {
    type: 'any',
  })
  readonly blank!: unknown;
}

describe.each(backends)('computed fields of computed fields on $name', (backend) => {
  it('are right in what a write answers with, what is stored and what is read', async () => {
    const test = await openOrm(backend, { entities: [Box] });
    const em = test.orm.em.fork();
    const box = em.create(Box, { id: 'a', width: 2 });
    await em.flush();
    const right = { double: 4, more: 5, all: 7, told: '7 "size"' };
    expect(box).toMatchObject(right);
    expect(await test.orm.em.fork().findOneOrFail(Box, 'a')).toMatchObject(right);
    box.width = 3;
    await em.flush();
    expect(box).toMatchObject({ double: 6, more: 7, all: 10, told: '10 "size"' });
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    await test.close();
  });
});

describe('a computed field that is worked out before what it speaks of', () => {
  @Table({ name: 't' })
  class ByName {
    @Id() id!: RecordId<'t', string>;
    @Field('int') n!: number;
    @Computed(surql`twice + 1`, { type: 'int' }) readonly again!: number;
    @Computed(surql`n * 2`, { type: 'int' }) readonly twice!: number;
  }
  @Table({ name: 't' })
  class Stored {
    @Id() id!: RecordId<'t', string>;
    @Field('int') n!: number;
    @Computed(surql`n * 2`, { type: 'int' }) readonly double!: number;
    @Computed(fn.math.abs(field(() => Stored, 'double')), { type: 'int', stored: true }) readonly size!: number;
  }
  @Table({ name: 't' })
  class BothStored {
    @Id() id!: RecordId<'t', string>;
    @Field('int') n!: number;
    @Computed(surql`${surql.id('my name')} + 1`, { type: 'int', stored: true }) readonly a!: number;
    @Computed(surql`n`, { type: 'int', stored: true, name: 'my name' }) readonly b!: number;
  }

  it.each([
    ['by the order of names', ByName, /again.* before twice/],
    ['stored, of one computed at each read', Stored, /size.* before double.*what is stored/],
    ['stored, of one stored later', BothStored, /a.* before b/],
  ])('%s is refused at boot', async (_name, entity, message) => {
    const booting = Reverie.init({ url: 'mem://', entities: [entity] });
    await expect(booting).rejects.toBeInstanceOf(MetadataError);
    await expect(booting).rejects.toThrow(message);
  });
});
