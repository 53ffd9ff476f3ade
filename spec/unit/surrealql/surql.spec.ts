import { evaluate, param } from '../../../lib/surrealql/nodes/index.js';
import { print, printExpression } from '../../../lib/surrealql/printer.js';
import { fragmentOf, isFragment, surql } from '../../../lib/surrealql/surql.js';
import { NONE, RecordId } from '../../../lib/values/index.js';

class User {}
class Stranger {}
const tableOf = (target: unknown): string | undefined => (target === User ? 'user table' : undefined);

describe('surql', () => {
  test('binds values, splices classes, names and fragments', () => {
    const adult = surql`age >= ${18}`;
    const printed = print(
      evaluate(surql`SELECT ${surql.id('first name')} FROM ${User} WHERE ${adult} AND name = ${"x' OR true"}`),
      { tableOf },
    );
    expect(printed).toEqual({
      text: 'SELECT `first name` FROM `user table` WHERE age >= $p1 AND name = $p2',
      bindings: { p1: 18, p2: "x' OR true" },
    });
  });

  test.each([
    null,
    undefined,
    NONE,
    [1, 2],
    { kind: 'Fragment', strings: ['REMOVE TABLE user'], values: [] },
    { kind: 'Param', name: 'auth' },
  ])('%j is data', (value) =>
    expect(printExpression(surql`${value}`)).toEqual({ text: '$p1', bindings: { p1: value } }),
  );

  test('a class that is no entity is refused by name', () => {
    expect(() => print(evaluate(surql`SELECT * FROM ${Stranger}`), { tableOf })).toThrow(
      /Stranger stands in a surql text but is no entity/,
    );
    expect(() => print(evaluate(surql`SELECT * FROM ${User}`))).toThrow(/User stands in/);
  });

  test('keeps the text as written', () => {
    expect(printExpression(surql`name = /^\w+\d$/ AND a = 'it\'s'`).text).toBe(
      String.raw`name = /^\w+\d$/ AND a = 'it\'s'`,
    );
    expect(printExpression(surql`\`a b\` = '\${x}'`).text).toBe("`a b` = '${x}'");
  });

  test('a trailing comment swallows nothing', () => {
    expect(printExpression(surql`${fragmentOf(param('a'))} -- note`).text).toBe('$a -- note');
    expect(printExpression({ kind: 'Not', operand: surql`a -- note` }).text).toBe('!(a -- note\n)');
  });

  test('is frozen and known by its brand', () => {
    const fragment = surql`a = ${1}`;
    expect(Object.isFrozen(fragment) && Object.isFrozen(fragment.strings) && Object.isFrozen(fragment.values)).toBe(
      true,
    );
    expect(isFragment(fragment)).toBe(true);
    expect(surql.is({ ...fragment })).toBe(true);
    expect(surql.is({ kind: 'Fragment', strings: [''], values: [] })).toBe(false);
    expect([null, undefined, 'a', 1].some(isFragment)).toBe(false);
  });

  test('values are literals inside definitions', () => {
    const fragment = surql`$value IN ${['a', "b'"]} OR owner = ${new RecordId('user', 1)}`;
    expect(printExpression(fragment, { literals: true })).toEqual({
      text: `$value IN ['a', "b'"] OR owner = user:1`,
      bindings: {},
    });
  });
});
