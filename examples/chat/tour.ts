import { Reverie } from 'reverie-orm';
import { startServer } from 'reverie-orm/server';
import { type Finding, notebook } from '../shared/findings';
import { Member, Message } from './entities';
import { Guest } from './guest';

const ROOT = { user: 'root', pass: 'root' };

/** Three members in one room, over one WebSocket, while the server goes away and comes back. `folder` keeps the messages. */
export async function tour(folder: string): Promise<readonly Finding[]> {
  const { findings, measure } = notebook();
  const url = `surrealkv://${folder}`;
  let server = await startServer({ url, ...ROOT });
  const orm = await Reverie.init({
    url: server.wsUrl,
    namespace: 'chat',
    database: 'demo',
    auth: { username: ROOT.user, password: ROOT.pass },
    entities: [Member, Message],
    sync: 'safe',
  });
  try {
    const [ann, bob, cy] = await Promise.all(['ann', 'bob', 'cy'].map((name) => Guest.arrive(orm, name, 'lobby')));
    if (ann === undefined || bob === undefined || cy === undefined) throw new Error('somebody is missing');
    await measure('What Bob sees of "Hello"', async () => {
      await ann.say('Hello');
      return (await bob.sees(1)).join('\n');
    });
    await measure('Ann whispers to Bob. What Cy sees', async () => {
      await ann.say('Lunch?', bob.member);
      await bob.say('Good morning, both');
      return `Bob: ${(await bob.sees(3)).join(', ')}\nCy: ${(await cy.sees(2)).join(', ')}`;
    });
    await measure('Cy rewrites what Bob says', async () => {
      const message = await bob.say('Signed, Bob');
      return cy.rewrite(message, 'Signed, Cy').then(
        () => 'done',
        (error: Error) => `${error.name}: nothing changed`,
      );
    });
    await measure('The server is stopped, and starts again', async () => {
      const { port } = server;
      await server.close();
      server = await startServer({ url, port, ...ROOT });
      return server.port === port ? 'on its port' : `on port ${server.port}`;
    });
    await measure('What Bob says then, and Cy sees', async () => {
      await bob.say('Still here?');
      return (await cy.sees(4)).join('\n');
    });
    await Promise.all([ann, bob, cy].map((guest) => guest.leave()));
  } finally {
    await orm.close();
    await server.close();
  }
  return findings;
}
