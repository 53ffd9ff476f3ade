import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

it('the functions are those of scripts/functions.txt: `npm run functions` makes them', () => {
  const script = join(__dirname, '../../../scripts/functions.mjs');
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});
