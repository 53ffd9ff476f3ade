import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discover } from '../../lib/metadata/index.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { RecordingDriver } from '../../lib/testing/index.js';
import { entities } from '../support/entities.js';
import { KITCHEN } from '../support/schema-entities.js';

const BROWSER = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
const inBrowser = BROWSER === undefined ? describe.skip : describe;

/** Looks at the picture as the browser has laid it out. */
const LOOK = `
const boxes = [...document.querySelectorAll('.table')].map((table) => ({ name: table.dataset.table, rect: table.querySelector('rect').getBoundingClientRect() }));
const inside = (a, b) => a.left >= b.left - 0.5 && a.right <= b.right + 0.5 && a.top >= b.top - 0.5 && a.bottom <= b.bottom + 0.5;
const page = document.querySelector('svg').getBoundingClientRect();
const found = { tables: boxes.length, lines: 0, spilled: [], overlapping: [], crossing: [], outside: [], loose: [] };
for (const table of document.querySelectorAll('.table')) {
  const frame = table.querySelector('rect').getBoundingClientRect();
  for (const text of table.querySelectorAll('text')) if (!inside(text.getBoundingClientRect(), frame)) found.spilled.push(text.firstChild.data);
  if (!inside(frame, page)) found.outside.push(table.dataset.table);
}
for (const a of boxes) for (const b of boxes) if (a !== b && a.rect.left < b.rect.right && b.rect.left < a.rect.right && a.rect.top < b.rect.bottom && b.rect.top < a.rect.bottom) found.overlapping.push(a.name + ' ' + b.name);
for (const line of document.querySelectorAll('.line')) {
  found.lines += 1;
  const path = line.querySelector('path');
  const { from, to, label } = line.dataset;
  const at = (length) => { const { x, y } = path.getPointAtLength(length); return { x: x + page.left, y: y + page.top }; };
  const touches = ({ x, y }, { rect }) => x > rect.left - 1 && x < rect.right + 1 && y > rect.top - 1 && y < rect.bottom + 1;
  const within = ({ x, y }, { rect }) => x > rect.left + 1 && x < rect.right - 1 && y > rect.top + 1 && y < rect.bottom - 1;
  const total = path.getTotalLength();
  for (let length = 0; length <= total; length += 2) {
    const box = boxes.find((each) => within(at(length), each));
    if (box) { found.crossing.push(from + '.' + label + ' through ' + box.name); break; }
  }
  const starts = boxes.some((box) => box.name === from && touches(at(0), box));
  const ends = boxes.some((box) => box.name === to && touches(at(total), box));
  if (!starts || !ends) found.loose.push(from + '.' + label);
}
document.title = JSON.stringify(found);
`;

inBrowser('schema:diagram in a browser (needs chromium)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'diagram-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const browse = (file: string, ...args: readonly string[]): string =>
    spawnSync(
      BROWSER as string,
      ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`, ...args, `file://${file}`],
      { encoding: 'utf8', timeout: 120_000 },
    ).stdout;

  it.each([
    ['entities of a shop', entities, undefined],
    ['every kind of declaration', KITCHEN, 6],
  ])(
    '%s: every text in its table, no line through a table, every line from one to the other',
    (_what, classes, tables) => {
      const svg = new SchemaManager(new RecordingDriver(), discover(classes).entities).diagram({ format: 'svg' });
      const file = join(folder, 'page.html');
      writeFileSync(
        file,
        `<!doctype html><meta charset="utf-8"><title>-</title><body style="margin:0">${svg}<script>${LOOK}</script>`,
      );
      const title = /<title>(\{.*?\})<\/title>/.exec(browse(file, '--dump-dom'))?.[1];
      const found = JSON.parse(
        (title ?? '{}').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
      ) as object;
      expect(found).toEqual({
        tables: tables ?? svg.match(/class="table"/g)?.length,
        lines: svg.match(/class="line /g)?.length,
        spilled: [],
        overlapping: [],
        crossing: [],
        outside: [],
        loose: [],
      });
      const picture = join(folder, 'page.png');
      browse(file, `--screenshot=${picture}`, '--window-size=1600,1200');
      expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
    },
    240_000,
  );
});
