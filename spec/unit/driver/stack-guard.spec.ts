import { tooDeep } from '../../../lib/driver/embedded/stack-guard.js';

const LIMIT = 100;
const chain = (term: string, operator: string, count: number) => `RETURN ${Array(count).fill(term).join(operator)}`;

describe('texts that are too deep', () => {
  it.each([
    ['alternatives', chain('$a = 1', ' OR ', 102)],
    ['conditions', chain('(1 = 1)', '&&', 102)],
    ['sums', chain('1', '+', 102)],
    ['products before sums', `${chain('1', '*', 60)} + ${Array(60).fill('1').join(' + ')}`],
    ['fallbacks', chain('NONE', ' ?? ', 102)],
    ['ranges', chain('1', '..', 102)],
    ['negations', `RETURN ${'!'.repeat(101)}true`],
    ['casts of nested types', `RETURN ${'<option<int>>'.repeat(60)}1`],
    ['negations of casts', `RETURN ${'!<bool>'.repeat(60)}1`],
    ['nested types', `DEFINE FIELD a ON a TYPE ${'array<'.repeat(101)}int${'>'.repeat(101)}`],
    ['paths', `SELECT * FROM a:1${'->b->c'.repeat(60)}`],
    ['explanations', `${'EXPLAIN '.repeat(101)}SELECT * FROM a`],
    ['what adds up in brackets', `RETURN (${chain('1', '+', 60).slice(7)}) + ${Array(60).fill('1').join(' + ')}`],
    ['what adds up behind a comma', `RETURN [1 ${'+ 1 '.repeat(60)}, 1] ${'+ 1 '.repeat(60)}`],
    ['code in a record id', `RETURN r"a:[${Array(102).fill('1').join(' + ')}]"`],
    ['code that a regular expression seems to quote', `RETURN /'/ ${'OR true '.repeat(101)} OR '`],
  ])('%s', (_, text) => expect(tooDeep(text, LIMIT)).toContain('as many as fit'));

  it.each([
    ['as much as fits', chain('1', '+', 101)],
    ['lists', `RETURN [${Array(500).fill('1 + 1').join(', ')}]`],
    ['scripts', `${chain('1', ' + ', 90)}; `.repeat(5)],
    ['texts', `RETURN '${'a OR '.repeat(200)}' + "${'+'.repeat(200)}"`],
    ['comments', `RETURN 1 /* ${'+'.repeat(200)} */ -- ${'+'.repeat(200)}`],
    ['names', `SELECT ${Array(200).fill('`a+b-c`').join(', ')} FROM orders`],
    ['words that hold others', `SELECT ${Array(200).fill('order_and_more').join(', ')} FROM band`],
    [
      'even groups',
      `RETURN ${Array(20)
        .fill(
          `(${Array(20)
            .fill(`(${chain('1', '+', 20).slice(7)})`)
            .join(' + ')})`,
        )
        .join(' + ')}`,
    ],
    ['brackets that do not match', `RETURN ${')]}'.repeat(200)}`],
  ])('but not %s', (_, text) => expect(tooDeep(text, LIMIT)).toBeUndefined());
});
