import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOf } from '../shared/findings';
import { tour } from './tour';

describe('chat', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'reverie-chat-'))));
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

  it('shows each what he may see, also after the server was away', async () => {
    expect(answersOf(await tour(join(folder, 'chat')))).toEqual({
      'What Bob sees of "Hello"': 'Hello',
      'Ann whispers to Bob. What Cy sees': 'Bob: Hello, Lunch?, Good morning, both\nCy: Hello, Good morning, both',
      'Cy rewrites what Bob says': 'PermissionError: nothing changed',
      'The server is stopped, and starts again': 'on its port',
      'What Bob says then, and Cy sees': 'Hello\nGood morning, both\nSigned, Bob\nStill here?',
    });
  }, 60_000);
});
