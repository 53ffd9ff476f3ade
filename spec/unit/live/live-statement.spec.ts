import { liveStatement } from '../../../lib/live/live-statement.js';
import type { ComputedMetadata, EntityMetadata } from '../../../lib/metadata/entity-metadata.js';
import { binary, call, path, value, type Expression } from '../../../lib/surrealql/nodes/index.js';
import { print } from '../../../lib/surrealql/printer.js';
import { surql, type SurqlFragment } from '../../../lib/surrealql/surql.js';

function computed(column: string, expression: SurqlFragment, stored = false): ComputedMetadata {
  return {
    kind: 'computed',
    property: column,
    path: `User.${column}`,
    column,
    type: { kind: 'any' },
    hidden: false,
    expression,
    stored,
  };
}

function entity(...properties: ComputedMetadata[]): EntityMetadata {
  return { table: 'user', className: 'User', properties } as unknown as EntityMetadata;
}

const live = (condition?: Expression, diff = false, metadata = entity()) =>
  print(liveStatement(metadata, { condition, diff })).text;
const adult = binary(path('age'), '>=', value(18));

describe('liveStatement', () => {
  it('asks for whole rows and their time', () => {
    expect(live()).toBe('LIVE SELECT *, time::micros(time::now()) AS __reverie_at FROM user');
  });

  it('also asks for rows that match no longer, and binds every value', () => {
    expect(print(liveStatement(entity(), { condition: adult }))).toEqual({
      text:
        'LIVE SELECT *, time::micros(time::now()) AS __reverie_at, !(age >= $p1) AS __reverie_left FROM user ' +
        'WHERE age >= $p2 OR ($event = $p3 AND (SELECT VALUE age >= $p4 FROM ONLY $before))',
      bindings: { p1: 18, p2: 18, p3: 'UPDATE', p4: 18 },
    });
  });

  it('computes the COMPUTED columns of the condition for the old row, and no others', () => {
    const metadata = entity(
      computed('label', surql`name`),
      computed('adult', surql`age >= 18`),
      computed('kept', surql`1`, true),
    );
    const before = (condition: Expression) => /FROM ONLY (.*)\)\)$/.exec(live(condition, false, metadata))?.[1];
    expect(before(binary(path('adult'), '=', value(true)))).toBe('(SELECT *, age >= 18 AS adult FROM ONLY $before)');
    expect(before(call('string::len', path('name')))).toBe('$before');
    expect(before(binary(path('kept'), '=', value('label')))).toBe('$before');
    expect(before(surql`adult OR vip`)).toBe('(SELECT *, age >= 18 AS adult FROM ONLY $before)');
  });

  it('computes what a COMPUTED column reads before it', () => {
    const metadata = entity(
      computed('c', surql`bb + 1`),
      computed('bb', surql`aa * 2`),
      computed('aa', surql`age`),
      computed('zz', surql`bb`),
    );
    expect(live(binary(path('c'), '>', value(1)), false, metadata)).toContain(
      'FROM ONLY (SELECT *, bb + 1 AS c FROM ONLY (SELECT *, aa * 2 AS bb FROM ONLY (SELECT *, age AS aa FROM ONLY $before)))',
    );
  });

  it('names the columns that changed in diff mode', () => {
    expect(live(undefined, true)).toMatch(/^LIVE SELECT \*, .*, array::distinct\(.*\) AS __reverie_changed FROM user$/);
  });
});
