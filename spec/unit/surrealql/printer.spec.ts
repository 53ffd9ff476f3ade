import { ValidationError } from '../../../lib/errors/index.js';
import {
  EACH,
  and,
  array,
  binary,
  block,
  call,
  closure,
  create,
  evaluate,
  forEach,
  graph,
  iff,
  info,
  insert,
  kill,
  knn,
  letStatement,
  live,
  not,
  object,
  or,
  param,
  path,
  pathOf,
  relate,
  remove,
  returnStatement,
  select,
  subquery,
  table,
  throwStatement,
  transaction,
  update,
  upsert,
  value,
  type Expression,
  type Statement,
} from '../../../lib/surrealql/nodes/index.js';
import { print, printExpression } from '../../../lib/surrealql/printer.js';
import { surql } from '../../../lib/surrealql/surql.js';

const text = (node: Statement): string => print(node).text;
const expression = (node: Expression): string => printExpression(node).text;
const t = table('t');

describe('values', () => {
  test('are bound, never spliced', () => {
    const hostile = "'; REMOVE TABLE user; --";
    expect(print(select({ from: [t], where: binary(path('a'), '=', value(hostile)) }))).toEqual({
      text: 'SELECT * FROM t WHERE a = $p1',
      bindings: { p1: hostile },
    });
  });

  test('the same object is bound once, equal primitives are not confused', () => {
    const rows = [{ a: 1 }];
    const printed = printExpression(array([value(rows), value(rows), value(0), value(-0), value(1), value(1n)]));
    expect(printed.text).toBe('[$p1, $p1, $p2, $p3, $p4, $p5]');
    expect(printed.bindings).toEqual({ p1: rows, p2: 0, p3: -0, p4: 1, p5: 1n });
  });

  test('never take the name of a variable of the script', () => {
    const printed = print([letStatement('p1', value(1)), returnStatement(surql`$p1 + ${2}`)]);
    expect(printed).toEqual({ text: 'LET $p1 = $p_1;\nRETURN $p1 + $p_2;', bindings: { p_1: 1, p_2: 2 } });
    expect(print(forEach('p2', value([1]), [evaluate(call('f', value(2)))])).bindings).toEqual({ p_1: [1], p_2: 2 });
    expect(expression(closure(['p1'], value(1)))).toBe('|$p1: any| $p_1');
  });

  test('as literals where the server takes no parameters', () => {
    expect(printExpression(binary(path('a'), '=', value("it's")), { literals: true })).toEqual({
      text: 'a = "it\'s"',
      bindings: {},
    });
  });

  test('what is printed is frozen', () => {
    const printed = print(returnStatement(value(1)));
    expect(Object.isFrozen(printed)).toBe(true);
    expect(Object.isFrozen(printed.bindings)).toBe(true);
  });
});

describe('expressions', () => {
  test.each<[string, Expression]>([
    ['a.b.*.c[0]', path('a', 'b', EACH, 'c', 0)],
    ['`a b`.select', path('a b', 'select')],
    ['`select`.a', path('select', 'a')],
    ['*', path(EACH)],
    ['$row.id', pathOf(param('row'), 'id')],
    [
      '(a ?? [])[WHERE b = $p1].c',
      pathOf(binary(path('a'), '??', array([])), { where: binary(path('b'), '=', value(1)) }, 'c'),
    ],
    ['(a + b) * c', binary(binary(path('a'), '+', path('b')), '*', path('c'))],
    ['a + (b * c)', binary(path('a'), '+', binary(path('b'), '*', path('c')))],
    ['(a OR b) = c', binary(or([path('a'), path('b')]), '=', path('c'))],
    ['!(a = b)', not(binary(path('a'), '=', path('b')))],
    ['!(!(a))', not(not(path('a')))],
    ['(!(a)) = b', binary(not(path('a')), '=', path('b'))],
    ['a = b AND (c OR d) AND e', and([binary(path('a'), '=', path('b')), or([path('c'), path('d')]), path('e')])],
    ['a AND b AND c', and([and([path('a'), and([path('b')])]), path('c')])],
    ['a AND b', and([or([path('a')]), path('b')])],
    ['a', and([or([and([path('a')])])])],
    ['true', and([])],
    ['false', or([])],
    ['a AND (false)', and([path('a'), or([])])],
    ['string::len(a, b)', call('string::len', path('a'), path('b'))],
    ['fn::`my fn`()', call('fn::my fn')],
    [
      '{ a: b, `x y`: c }',
      object([
        ['a', path('b')],
        ['x y', path('c')],
      ]),
    ],
    ['{}', object([])],
    ['{;}', block([])],
    [
      'IF a { RETURN b } ELSE { RETURN c }',
      iff(path('a'), block([returnStatement(path('b'))]), block([returnStatement(path('c'))])),
    ],
    ['|$r: any, $s: any| { RETURN $r }', closure(['r', 's'], block([returnStatement(param('r'))]))],
    [
      '->follows->user',
      graph([
        { arrow: '->', tables: ['follows'] },
        { arrow: '->', tables: ['user'] },
      ]),
    ],
    [
      '$a<-(wrote, `liked it` WHERE at > b)',
      graph([{ arrow: '<-', tables: ['wrote', 'liked it'], where: binary(path('at'), '>', path('b')) }], param('a')),
    ],
    ['<->?', graph([{ arrow: '<->', tables: [] }])],
    ['<~(post FIELD author)', graph([{ arrow: '<~', tables: ['post'], field: 'author' }])],
    ['v <|5, 40|> $p1', knn({ field: path('v'), k: 5, by: { ef: 40 }, vector: value([1]) })],
    ['v <|5, MINKOWSKI 3|> $p1', knn({ field: path('v'), k: 5, by: { distance: 'minkowski 3' }, vector: value([1]) })],
    ['$`a b`', param('a b')],
    ['a IN (SELECT * FROM t)', binary(path('a'), 'IN', subquery(select({ from: [t] })))],
    ['(a .. b) IN c', binary(binary(path('a'), '..', path('b')), 'IN', path('c'))],
  ])('%s', (wanted, node) => expect(expression(node)).toBe(wanted.replace(' AND (false)', ' AND (false)')));

  test.each<[string, Expression]>([
    ['a fraction for k', knn({ field: path('v'), k: 1.5, by: { ef: 1 }, vector: value([1]) })],
    ['text for ef', knn({ field: path('v'), k: 1, by: { ef: '1|> true' as unknown as number }, vector: value([1]) })],
    [
      'code for a distance',
      knn({ field: path('v'), k: 1, by: { distance: 'COSINE|> true; REMOVE TABLE t' }, vector: value([1]) }),
    ],
    ['a negative index', path('a', -1)],
    ['a path that begins with a number', path(0)],
    ['half a surrogate pair', path('\ud800')],
    ['half a surrogate pair in a fragment', surql(Object.assign(["a = '\ud800'"], { raw: ["a = '\ud800'"] }))],
  ])('%s is refused', (_title, node) => expect(() => printExpression(node)).toThrow(ValidationError));
});

describe('junctions', () => {
  const terms = (count: number): Expression[] =>
    Array.from({ length: count }, (_, index) => binary(path('a'), '=', value(index)));
  const depthOf = (printed: string): number => {
    let depth = 0;
    return [...printed].reduce(
      (deepest, char) => Math.max(deepest, (depth += char === '(' ? 1 : char === ')' ? -1 : 0)),
      0,
    );
  };
  const longestChain = (printed: string): number => {
    const counts = [0];
    return [...printed.matchAll(/[()]| OR /g)].reduce((longest, [part]) => {
      if (part === '(') counts.push(0);
      else if (part === ')') counts.pop();
      else counts[counts.length - 1] = (counts.at(-1) as number) + 1;
      return Math.max(longest, counts.at(-1) ?? 0);
    }, 0);
  };

  test.each([1, 2, 20, 21, 400, 401, 5_000, 8_000, 20_000])(
    '%d terms stand in a shallow tree of short chains',
    (count) => {
      const printed = printExpression(or(terms(count)));
      expect(Object.keys(printed.bindings)).toHaveLength(count);
      expect(longestChain(printed.text)).toBeLessThan(20);
      expect(depthOf(printed.text)).toBeLessThanOrEqual(count > 8_000 ? 3 : 2);
      expect(Object.values(printed.bindings)).toEqual(Array.from({ length: count }, (_, index) => index));
    },
  );

  test('what the parser could not read is refused with the way out', () => {
    let nested: Expression = path('a');
    for (let level = 0; level < 40; level++)
      nested = level % 2 === 0 ? or([nested, path('b')]) : and([nested, path('c')]);
    expect(() => printExpression(nested)).toThrow(/nested too deeply[^]*flatten/);
  });
});

describe('statements', () => {
  test.each<[string, Statement]>([
    ['SELECT * FROM t', select({ from: [t] })],
    [
      'SELECT a, b.c AS d.e FROM t, $p1',
      select({
        projections: [{ expression: path('a') }, { expression: path('b', 'c'), alias: ['d', 'e'] }],
        from: [t, value([1])],
      }),
    ],
    [
      'SELECT *, count(x) AS n FROM t',
      select({ all: true, projections: [{ expression: call('count', path('x')), alias: ['n'] }], from: [t] }),
    ],
    [
      'SELECT VALUE id FROM ONLY t WITH NOINDEX LIMIT $p1',
      select({ value: path('id'), from: [t], only: true, withIndex: [], limit: value(1) }),
    ],
    [
      'SELECT * OMIT a, b.c FROM t WITH INDEX i, `j k` WHERE a = $p1 SPLIT s ORDER BY a, b.c DESC LIMIT $p2 START $p3 FETCH l, m.n VERSION $p4 TIMEOUT 5s EXPLAIN FULL',
      select({
        omit: [path('a'), path('b', 'c')],
        from: [t],
        withIndex: ['i', 'j k'],
        where: binary(path('a'), '=', value(1)),
        split: [path('s')],
        orderBy: [
          { by: path('a'), direction: 'ASC' },
          { by: path('b', 'c'), direction: 'DESC' },
        ],
        limit: value(2),
        start: value(3),
        fetch: [path('l'), path('m', 'n')],
        version: value(4),
        timeout: surql`5s`,
        explain: 'full',
      }),
    ],
    [
      'SELECT a, count() AS n FROM t GROUP BY a ORDER BY n',
      select({
        projections: [{ expression: path('a') }, { expression: call('count'), alias: ['n'] }],
        from: [t],
        groupBy: [path('a')],
        orderBy: [{ by: path('n'), direction: 'ASC' }],
      }),
    ],
    [
      'SELECT count() AS n FROM t GROUP ALL',
      select({ projections: [{ expression: call('count'), alias: ['n'] }], from: [t], groupBy: 'all' }),
    ],
    [
      'SELECT * FROM t WHERE (IF a { b } ELSE { c })',
      select({ from: [t], where: iff(path('a'), block([evaluate(path('b'))]), block([evaluate(path('c'))])) }),
    ],
    ['SELECT * FROM (SELECT * FROM t)', select({ from: [subquery(select({ from: [t] }))] })],
    [
      'CREATE ONLY t CONTENT $p1 RETURN NONE',
      create({ target: t, only: true, data: { kind: 'content', data: value({ a: 1 }) }, returns: 'none' }),
    ],
    [
      'UPDATE t SET a = $p1, b.c += $p2, d +?= (e + f) WHERE g = $p3 RETURN BEFORE TIMEOUT 1s',
      update({
        target: t,
        data: {
          kind: 'set',
          assignments: [
            { target: path('a'), operator: '=', value: value(1) },
            { target: path('b', 'c'), operator: '+=', value: value(2) },
            { target: path('d'), operator: '+?=', value: binary(path('e'), '+', path('f')) },
          ],
        },
        where: binary(path('g'), '=', value(3)),
        returns: 'before',
        timeout: surql`1s`,
      }),
    ],
    [
      'UPSERT $p1 MERGE $p2 RETURN VALUE id',
      upsert({ target: value('x'), data: { kind: 'merge', data: value({}) }, returns: { value: path('id') } }),
    ],
    [
      'UPDATE t REPLACE $p1 RETURN a, b AS c',
      update({
        target: t,
        data: { kind: 'replace', data: value({}) },
        returns: { fields: [{ expression: path('a') }, { expression: path('b'), alias: ['c'] }] },
      }),
    ],
    [
      'UPDATE t UNSET a, b.c RETURN DIFF',
      update({ target: t, data: { kind: 'unset', paths: [path('a'), path('b', 'c')] }, returns: 'diff' }),
    ],
    ['DELETE ONLY t WHERE a RETURN AFTER', remove({ target: t, only: true, where: path('a'), returns: 'after' })],
    [
      'RELATE ONLY $a->$e->$b CONTENT $d RETURN AFTER',
      relate({
        only: true,
        from: param('a'),
        edge: param('e'),
        to: param('b'),
        data: { kind: 'content', data: param('d') },
        returns: 'after',
      }),
    ],
    [
      'INSERT RELATION IGNORE INTO t $p1 RETURN NONE',
      insert({ relation: true, ignore: true, into: t, rows: value([]), returns: 'none' }),
    ],
    ['LET $x = $p1', letStatement('x', value(1))],
    ['THROW $p1', throwStatement(value('no'))],
    [
      'FOR $r IN $rows { UPDATE $r.id; RETURN $r }',
      forEach('r', param('rows'), [update({ target: pathOf(param('r'), 'id') }), returnStatement(param('r'))]),
    ],
    ['LIVE SELECT * FROM t WHERE a FETCH b', live({ from: t, where: path('a'), fetch: [path('b')] })],
    [
      'LIVE SELECT a, b AS c FROM t',
      live({ from: t, projections: [{ expression: path('a') }, { expression: path('b'), alias: ['c'] }] }),
    ],
    ['LIVE SELECT DIFF FROM t', live({ from: t, diff: true })],
    ['KILL $p1', kill(value('x'))],
    ['INFO FOR ROOT', info('root')],
    ['INFO FOR NS', info('namespace')],
    ['INFO FOR DB STRUCTURE', info('database', true)],
    ['INFO FOR TABLE `a b`', info({ table: 'a b' })],
    ['INFO FOR INDEX i ON t', info({ index: 'i', table: 't' })],
    [
      'BEGIN;\nLET $a = $p1;\nRETURN $a;\nCOMMIT',
      transaction([letStatement('a', value(1)), returnStatement(param('a'))]),
    ],
    ['BEGIN;\nDELETE t;\nCANCEL', transaction([remove({ target: t })], 'CANCEL')],
  ])('%s', (wanted, node) => expect(text(node)).toBe(wanted));

  test('several statements end with semicolons', () => {
    expect(print([transaction([remove({ target: t })]), select({ from: [t] })]).text).toBe(
      'BEGIN;\nDELETE t;\nCOMMIT;\nSELECT * FROM t;',
    );
  });

  test('a sort key that is not selected is refused with the way out', () => {
    const orderBy = [{ by: path('a', 'b'), direction: 'ASC' }] as const;
    expect(() => text(select({ projections: [{ expression: path('a') }], from: [t], orderBy }))).toThrow(
      /ORDER BY a\.b needs a\.b/,
    );
    expect(text(select({ projections: [{ expression: path('a', 'b') }], from: [t], orderBy }))).toContain(
      'ORDER BY a.b',
    );
    expect(text(select({ value: path('a', 'b'), from: [t], orderBy }))).toContain('ORDER BY a.b');
    expect(() => text(select({ value: path('a'), from: [t], orderBy }))).toThrow(ValidationError);
  });
});
