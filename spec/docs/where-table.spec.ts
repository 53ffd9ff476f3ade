import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATOR_NAMES } from '../../lib/query/operators/index.js';
import { FILE, moduleOfRows, page, rows } from './where-rows.js';

describe('the table of operators', () => {
  const printed = new Map<number, string>();

  beforeAll(async () => {
    mkdirSync(join(FILE, '..'), { recursive: true });
    writeFileSync(FILE, moduleOfRows().text);
    Object.assign(globalThis, { row: (line: number, text: string) => void printed.set(line, text) });
    const { run } = (await import(FILE)) as { readonly run: () => Promise<void> };
    await run();
  }, 120_000);

  it('has a row for every line of its tables', () => {
    expect(rows).toHaveLength(page.split('\n').filter((text) => text.startsWith('| `')).length);
  });

  it.each([...OPERATOR_NAMES, '$and', '$or', '$some', '$every', '$none'])('has %s', (name) => {
    expect(rows.some(({ where }) => where.includes(`${name}:`))).toBe(true);
  });

  it.each(rows)('$line: $where', ({ line, printed: wanted }) => {
    const [, condition] = / WHERE (.*)$/.exec(printed.get(line) ?? '') ?? [];
    expect(condition?.replace(/ ORDER BY id$/, '')).toBe(wanted);
  });
});
