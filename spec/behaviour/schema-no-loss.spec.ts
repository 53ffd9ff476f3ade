import type { FieldMetadata } from '../../lib/metadata/entity-metadata.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import { SchemaBench } from '../support/schema-bench.js';
import { entityOf, fieldOf } from '../support/schema-literals.js';

const LONG = '1.123456789012345678901234dec';
const asserted = (condition: ReturnType<typeof surql>): Partial<FieldMetadata> => ({ assert: condition }) as never;
const valued = (expression: ReturnType<typeof surql>): Partial<FieldMetadata> => ({ value: expression }) as never;

/** The old type, a value, the new type and what it says besides. */
type Case = readonly [string, string, string, Partial<FieldMetadata>?];
const whole = (cases: readonly Case[]): [string, string, string, Partial<FieldMetadata>][] =>
  cases.map(([from, value, to, more = {}]) => [from, value, to, more]);

describe('a safe sync, looked at by somebody who trusts nobody', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  const managerOf = (type: string, more: Partial<FieldMetadata> = {}): SchemaManager =>
    new SchemaManager(bench.db, [entityOf('thing', [fieldOf('a', type, more), fieldOf('b', 'option<int>')])]);
  /** Records as text, so that numbers of different kinds differ. */
  const records = (): Promise<unknown> => bench.run('SELECT VALUE <string> $this FROM thing');

  async function prepared(before: string, value: string): Promise<unknown> {
    await managerOf(before).sync();
    await bench.run(`CREATE thing:1 SET a = ${value}, b = 2; CREATE thing:2 SET a = ${value}, b = 2`);
    return records();
  }

  const rounding: readonly Case[] = [
    ['decimal', LONG, 'float'],
    ['int', '9007199254740993', 'float'],
    ['int', '-9007199254740993', 'option<float>'],
    ['number', LONG, 'float'],
    ['float', '0.12345678901234567f', 'decimal'],
    ['float', '1e-40f', 'decimal'],
    ['array<decimal>', `[1, ${LONG}]`, 'array<float>'],
    ['set<decimal>', `{1, ${LONG}}`, 'set<float>'],
    ['int | string', '9007199254740993', 'float | string'],
    ['option<array<array<decimal>>>', `[[${LONG}]]`, 'option<array<array<float>>>'],
  ];
  it.each(whole(rounding))('from %s, %s would lose digits as %s', async (from, value, to) => {
    const before = await prepared(from, value);
    const { steps } = await managerOf(to).plan();
    expect(steps.filter(({ affected }) => affected === 2)).toHaveLength(1);
    await expect(managerOf(to).sync()).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
    expect(await records()).toEqual(before);
  });

  const unwritable: readonly Case[] = [
    ['float', 'NaN', 'decimal'],
    ['float', 'NaN', 'int'],
    ['decimal', '2.50dec', 'int'],
    ['any', "'ABC'", 'string', valued(surql`1 + 0`)],
    ['string', "'ABC'", 'string', { ...valued(surql`string::lowercase($value)`), ...asserted(surql`$value != 'abc'`) }],
    ['int', '1', 'int', asserted(surql`$value > $this.b`)],
    ['int', '1', 'int', asserted(surql`$before = NONE OR $value > $before`)],
    ['int', '1', 'int', asserted(surql`$input = $value`)],
    ['int | null', 'NULL', 'int', { default: 1 } as never],
    ['array<int>', '[1, 1]', 'set<int>'],
    ['set<int>', '{1, 2}', 'array<int>'],
    ['{ x: int, y: int }', '{ x: 1, y: 2 }', '{ x: int }'],
    ['string', "'018f5a3c-6f0e-7c1a-9b1a-0123456789ab'", 'uuid'],
    ['record', 'other:1', 'record<thing>'],
    ['any', '{ x: 1 }', 'object'],
  ];
  it.each(whole(unwritable))('from %s, %s could not be written as %s', async (from, value, to, more) => {
    const before = await prepared(from, value);
    const next = managerOf(to, more);
    const { steps } = await next.plan();
    expect(steps.filter(({ risk, affected }) => risk === 'narrowing' && affected === 2)).toHaveLength(1);
    await expect(next.sync()).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
    expect(await records()).toEqual(before);
    await bench.run('UPDATE thing');
  });

  const kept: readonly Case[] = [
    ['decimal', '2.25dec', 'number'],
    ['int', '9007199254740993', 'decimal'],
    ['int', '9007199254740993', 'int | float'],
    ['array', '[{ x: 1 }]', 'option<array>'],
    ['string', "'abc'", 'string', valued(surql`string::lowercase($value)`)],
    ['int', '1', 'int', { immutable: true }],
    ['int', '3', 'int', asserted(surql`$value > $this.b`)],
    ['1.5 | 2', '2', 'int'],
  ];
  it.each(whole(kept))('from %s, %s is the same as %s and can be written', async (from, value, to, more) => {
    const before = await prepared(from, value);
    await managerOf(to, more).sync();
    expect(await records()).toEqual(before);
    await bench.run('UPDATE thing');
    const numbers = 'SELECT VALUE a FROM thing';
    const values = await bench.run(numbers);
    expect(await bench.run(`SELECT VALUE a FROM thing WHERE a = ${value}`)).toEqual(values);
  });

  it('a float that has all digits of the numbers is no danger', async () => {
    await prepared('number', '1.5dec');
    await bench.run('UPDATE thing:2 SET a = 9007199254740992');
    await managerOf('float').sync();
    await bench.run('UPDATE thing');
    expect(await bench.run('RETURN (SELECT VALUE a FROM thing) = [1.5, 9007199254740992]')).toBe(true);
  });
});
