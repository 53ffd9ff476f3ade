import fc from '../../support/property';
import { accessOf } from '../../../lib/driver/statement-access.js';
import { splitStatements } from '../../../lib/driver/split-statements.js';
import { formatString, quoteIdentifier } from '../../../lib/values/index.js';

describe('accessOf', () => {
  const reads = [
    '',
    '   ',
    '-- nothing',
    'SELECT * FROM user',
    'select * from user; return 1;',
    "SELECT * FROM user WHERE note = 'DELETE everything; CREATE x'",
    'SELECT * FROM user WHERE note = "it\\"s; DELETE x"',
    'SELECT `delete`, ⟨create⟩ FROM `update`',
    'SELECT `a\\`; DELETE x` FROM user',
    '/* CREATE x */ SELECT 1 FROM ONLY user:1',
    'SELECT 1 -- DELETE user\nFROM user',
    'SELECT 1 # DELETE user\nFROM user',
    'SELECT 1 // DELETE user\nFROM user',
    'LET $create = 1; RETURN $create',
    'RETURN $delete.update_count',
    'SELECT createdAt, updated_by, deleted FROM user',
    'RETURN array::map([1], |$v| $v + 1)',
    'RETURN time :: now()',
    'BEGIN; SELECT * FROM a; COMMIT',
    'IF true { RETURN 1 } ELSE { RETURN 2 }',
    'FOR $i IN 0..3 { LET $x = $i }',
    'INFO FOR DB',
    'SHOW CHANGES FOR TABLE a SINCE 0',
    '$x',
    "'text' = 'text'",
    '[1, 2]',
    '{ a: 1 }',
    '5 + 5',
    'RETURN 10 / 2',
    'RETURN "x" = /abc/',
    "SELECT * FROM user WHERE r'user:1' = id",
  ];
  const writes = [
    'CREATE user',
    'create user',
    'SELECT * FROM user; DELETE user',
    'RETURN (CREATE a)',
    'LET $x = CREATE a',
    'IF true { UPDATE a SET b = 1 }',
    'RETURN array::map([1], |$v| { CREATE a })',
    "SELECT 'it''s' FROM a; DELETE a",
    "SELECT 'a\\\\'; DELETE a; RETURN 'b'",
    "SELECT 'unterminated; DELETE a",
    'SELECT `unterminated; DELETE a',
    'SELECT /* unterminated; DELETE a',
    '/* a /* b */ DELETE x */ SELECT 1',
    'SELECT 1 -- comment\rDELETE a',
    'SELECT 1 -- comment\u2028DELETE a',
    'SELECT 1 /**/;/**/DELETE/**/a',
    "RETURN 'x' = /'/; CREATE a; RETURN 'y'",
    'RETURN "x" = /"/; CREATE a; RETURN "y"',
    "RETURN 'x' = /--/; CREATE a",
    'RETURN fn::bump()',
    'RETURN fn /* x */ ::bump()',
    'RETURN FN::bump()',
    "RETURN sequence::nextval('s')",
    "RETURN api::invoke('/x')",
    'RETURN mod::x::y()',
    "RETURN file::put(f'b:/x', 1)",
    'RETURN novel::thing()',
    'RETURN $f(1)',
    'DEFINE TABLE a',
    'REMOVE TABLE a',
    'ALTER TABLE a DROP',
    'REBUILD INDEX i ON a',
    'UPSERT a',
    'INSERT INTO a {}',
    'RELATE a->b->c',
    'LIVE SELECT * FROM a',
    'KILL $id',
    'USE NS a DB b',
    'ACCESS a GRANT FOR USER b',
    'OPTION IMPORT',
    'BEGIN; CREATE a; COMMIT',
    'EXPLAIN DELETE a',
    'x = 5',
    'SELEC * FROM a',
    'SELECT * FROM a; whatever',
    'SELECT ⟨a\\⟩; DELETE a; SELECT ⟨b⟩',
    'SELECT 1é;DELETE a',
    'RETURN r"a:[(CREATE zz)]"',
    "RETURN R'a:{ x: (DELETE b) }'",
  ];
  it.each(reads)('reads: %j', (text) => expect(accessOf(text)).toBe('read'));
  it.each(writes)('writes: %j', (text) => expect(accessOf(text)).toBe('write'));

  const hostile = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .array(
        fc.constantFrom(
          "'",
          '"',
          '`',
          '⟨',
          '⟩',
          '\\',
          '--',
          '/*',
          '*/',
          '#',
          '//',
          ';',
          '\n',
          '{',
          '}',
          'CREATE a',
          ' DELETE ',
          'fn::x()',
        ),
      )
      .map((parts) => parts.join('')),
  );

  it('never sees code in a string or a name, whatever they hold', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, name) => {
        const column = quoteIdentifier(`x${name}`);
        return (
          accessOf(
            `SELECT ${column} FROM user WHERE a = ${formatString(text)} -- ${text.replace(/\p{Zl}|\p{Zp}|[\n\r\v\f\x85]/gu, ' ')}`,
          ) === 'read'
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('always sees a write after a string or a name, whatever they hold', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, name) => {
        const script = `SELECT ${quoteIdentifier(`x${name}`)} FROM user WHERE a = ${formatString(text)}; CREATE b`;
        return accessOf(script) === 'write' && splitStatements(script).length === 2;
      }),
      { numRuns: 2_000 },
    );
  });
});
