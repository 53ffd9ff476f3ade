import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reverie, type LogEntry } from '../../lib/index.js';
import { FILE, moduleOfRows, page, rows } from './coverage-rows.js';

const ROOT = join(__dirname, '..', '..');

describe('the coverage table', () => {
  const sent = new Map<number, string>();
  const failures = new Map<number, unknown>();

  beforeAll(async () => {
    mkdirSync(join(FILE, '..'), { recursive: true });
    writeFileSync(FILE, moduleOfRows().text);
    const log: string[] = [];
    const init = Reverie.init;
    jest
      .spyOn(Reverie, 'init')
      .mockImplementation((options) =>
        init.call(Reverie, { ...options, logger: ({ text }: LogEntry) => void log.push(text) }),
      );
    const row = async (line: number, work: () => Promise<unknown>): Promise<void> => {
      log.length = 0;
      const answer = await work().catch((error: unknown) => void failures.set(line, error));
      const printed = (answer as { readonly text?: unknown } | undefined)?.text;
      sent.set(line, [...log, printed].join('\n'));
    };
    Object.assign(globalThis, { row });
    const { run } = (await import(FILE)) as { readonly run: () => Promise<void> };
    await run();
    jest.restoreAllMocks();
  }, 120_000);

  it('has a row for every line of its tables', () => {
    const lines = page.split('\n').filter((text) => text.startsWith('| `'));
    expect(rows).toHaveLength(lines.length);
    expect(rows.length).toBeGreaterThan(70);
  });

  it.each(rows)('$line: $snippet', ({ line, clauses, tested }) => {
    expect(failures.get(line)).toBeUndefined();
    for (const clause of clauses) expect(sent.get(line)).toContain(clause);
    expect(existsSync(join(ROOT, tested))).toBe(true);
  });
});
