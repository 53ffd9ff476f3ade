import { splitStatements } from '../../../lib/driver/split-statements.js';

const texts = (script: string) => splitStatements(script).map(({ text }) => text);

describe('splitStatements', () => {
  it('splits on top-level semicolons only', () => {
    expect(texts("LET $a = { x: 1; }; CREATE t SET n = 'a;b', `c;d` = [1]; IF true { RETURN 1; RETURN 2 };")).toEqual([
      'LET $a = { x: 1; }',
      "CREATE t SET n = 'a;b', `c;d` = [1]",
      'IF true { RETURN 1; RETURN 2 }',
    ]);
  });

  it('leaves out what is empty or only a comment', () => {
    expect(texts('-- a; b\n;; /* c; */ ; SELECT 1 -- d;\n; # e')).toEqual(['SELECT 1 -- d;']);
    expect(texts('')).toEqual([]);
  });

  it('knows the first word behind comments', () => {
    expect(splitStatements('/* x */ begin transaction; $x; commit')).toEqual([
      { text: 'begin transaction', keyword: 'BEGIN' },
      { text: '$x', keyword: '' },
      { text: 'commit', keyword: 'COMMIT' },
    ]);
  });
});
