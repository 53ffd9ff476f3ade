import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { showFindings } from '../shared/findings';
import { tour } from './tour';

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reverie-chat-'));
  try {
    showFindings('Three members in one room, over the local server', await tour(join(folder, 'chat')));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
